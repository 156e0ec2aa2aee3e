/**
 * Publishes a window of the due jobs to Kafka; the rest waits in PostgreSQL.
 *
 * <p>Rows enter, records leave. Runs in every process; a lock in the database lets one of them work at a time. Rests on
 * the row being moved on before its record is sent: what was not claimed by then is sent again. Beside it, jobs' rows follow
 * what stops or bounds their batch.
 */
@NullMarked
package io.wavequeue.dispatch;

import org.jspecify.annotations.NullMarked;
