/**
 * Carries out what a person decided about many uncertain submits at once.
 *
 * <p>What enters is a frozen set of jobs, what leaves are the same guarded changes that a decision about one job makes. It
 * runs in every process; correctness rests on each chunk being one transaction, and not on any process living.
 */
@NullMarked
package io.wavequeue.resolve;

import org.jspecify.annotations.NullMarked;
