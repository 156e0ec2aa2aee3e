@NullMarked
package io.wavequeue.worker.retention;

import org.jspecify.annotations.NullMarked;
