/**
 * Carries out what a person decided about many jobs at once: decisions about uncertain submits, replays, cancellations, holds
 * and releases.
 *
 * <p>What enters is a frozen set of jobs, what leaves are the same guarded changes that a call about one job makes. It
 * runs in every process; correctness rests on each chunk being one transaction, and not on any process living.
 */
@NullMarked
package io.wavequeue.bulk;

import org.jspecify.annotations.NullMarked;
