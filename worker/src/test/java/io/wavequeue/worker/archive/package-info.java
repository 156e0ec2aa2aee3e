@NullMarked
package io.wavequeue.worker.archive;

import org.jspecify.annotations.NullMarked;
