/**
 * What the provider says of our account.
 *
 * <p>The balance and the answers to submits enter; the breakers' rows leave, which claims and dispatch read. Correctness of
 * the limits does not rest on it: a breaker only spares doubtful submits.
 */
@NullMarked
package io.wavequeue.worker.account;

import org.jspecify.annotations.NullMarked;
