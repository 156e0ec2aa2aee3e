/**
 * Tells others what became of jobs: CloudEvents on {@code wavequeue.events}, failed jobs on {@code wavequeue.dead-letters}.
 *
 * <p>What enters are the rows that triggers on {@code job} write; what leaves are records, at least once, in an order that
 * the job's version repairs. Nothing about a job rests on this package: Kafka may be away for as long as it likes.
 */
@NullMarked
package io.wavequeue.event;

import org.jspecify.annotations.NullMarked;
