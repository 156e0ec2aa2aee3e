/**
 * What a person does to many jobs at once: replays, decisions about uncertain submits, cancellations, holds and releases.
 *
 * <p>The jobs are chosen in the call's own transaction and never again; every process carries the operation out, chunk by
 * chunk. What is answered later is read from the rows.
 */
@NullMarked
package io.wavequeue.api.bulk;

import org.jspecify.annotations.NullMarked;
