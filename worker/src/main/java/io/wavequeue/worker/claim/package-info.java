/**
 * Turns records into claimed jobs.
 *
 * <p>Candidates enter; jobs leave that this worker may submit within five seconds. Rests on the claim being one transaction
 * over permits, budget and rows; does not rest on a record being delivered once, or at all.
 */
@NullMarked
package io.wavequeue.worker.claim;

import org.jspecify.annotations.NullMarked;
