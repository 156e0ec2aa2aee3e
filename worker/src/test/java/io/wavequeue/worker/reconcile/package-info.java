@NullMarked
package io.wavequeue.worker.reconcile;

import org.jspecify.annotations.NullMarked;
