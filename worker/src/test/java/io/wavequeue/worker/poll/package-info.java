@NullMarked
package io.wavequeue.worker.poll;

import org.jspecify.annotations.NullMarked;
