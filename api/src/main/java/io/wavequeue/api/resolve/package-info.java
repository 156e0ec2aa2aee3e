/**
 * Decisions about many uncertain submits at once.
 *
 * <p>The jobs are chosen in the call's own transaction and never again; every process carries the decision out, chunk by
 * chunk. What is answered later is read from the rows.
 */
@NullMarked
package io.wavequeue.api.resolve;

import org.jspecify.annotations.NullMarked;
