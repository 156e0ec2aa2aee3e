/**
 * The Kafka contract: topics, records, headers.
 *
 * <p>Jobs that are due leave through {@link io.wavequeue.message.JobSender}; what a consumer got is read by
 * {@link io.wavequeue.message.JobRecords}. Changes of jobs, and failed jobs, leave through {@link
 * io.wavequeue.message.EventSender}. Kafka may lose or repeat any record: no rule of money rests on this package.
 */
@NullMarked
package io.wavequeue.message;

import org.jspecify.annotations.NullMarked;
