/**
 * Wavequeue's REST API as the command line sees it. In comes an address and a key; out come answers as JSON trees, or an
 * {@link io.wavequeue.cli.client.ApiException} that says who refused what.
 *
 * <p>Every call may be repeated: reads change nothing, every POST that makes something carries an {@code Idempotency-Key},
 * media are addressed by content, and what is wished of a batch, a take or a replay is so afterwards however often it is
 * wished. Only this makes it right to try again on connection trouble; nothing here may ever be pointed at the paid
 * provider, where repeating a POST is a second charge.
 */
@NullMarked
package io.wavequeue.cli.client;

import org.jspecify.annotations.NullMarked;
