/**
 * The provider's side of one account: predictions, limits, balance, ledger and counters.
 *
 * <p>In: accepted submits and the time; out: what each prediction is doing now, what was charged and refunded, and how
 * hard the account was driven. Nothing here runs by itself: {@code advance} brings everything up to a moment before a
 * call is answered, in the order in which it would have happened, so a restart or a slow loop changes no result. One
 * event loop owns it; it is not thread-safe.
 */
@NullMarked
package io.wavequeue.simulator.account;

import org.jspecify.annotations.NullMarked;
