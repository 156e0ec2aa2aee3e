@NullMarked
package io.wavequeue.worker.audio;

import org.jspecify.annotations.NullMarked;
