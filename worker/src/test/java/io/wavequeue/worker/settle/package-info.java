@NullMarked
package io.wavequeue.worker.settle;

import org.jspecify.annotations.NullMarked;
