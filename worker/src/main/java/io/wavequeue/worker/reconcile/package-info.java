/**
 * Takes over what ended workers left behind.
 *
 * <p>Running predictions are polled on; submits whose outcome nobody saw become uncertain.
 */
@NullMarked
package io.wavequeue.worker.reconcile;

import org.jspecify.annotations.NullMarked;
