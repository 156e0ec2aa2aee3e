@NullMarked
package io.wavequeue.worker.flow;

import org.jspecify.annotations.NullMarked;
