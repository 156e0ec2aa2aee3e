/**
 * Takes requests: checked, priced and durable before they are answered with 202.
 *
 * <p>In comes a JSON body, out goes the queued job. A repeated call with the same Idempotency-Key gets the first answer;
 * that rests on key and job being written in one transaction. Nothing here talks to Kafka or the provider: intake needs
 * only PostgreSQL.
 */
@NullMarked
package io.wavequeue.api.intake;

import org.jspecify.annotations.NullMarked;
