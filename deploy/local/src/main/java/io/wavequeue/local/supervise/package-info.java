/**
 * Starts a set of programs in order, keeps them alive and stops them in the opposite order.
 *
 * <p>In: {@link io.wavequeue.local.supervise.Part}s in stages. Out: running processes, a log for each, and the file
 * {@code processes.json} that exists only while all of them have been ready. It rests on two facts: a child ignores the
 * interrupt that a terminal sends to the whole group, so that only the supervisor decides the order of stopping; and
 * every child carries a mark in its arguments, so that what a killed supervisor left behind can be told from a stranger
 * that happens to have the same process id.
 */
@NullMarked
package io.wavequeue.local.supervise;

import org.jspecify.annotations.NullMarked;
