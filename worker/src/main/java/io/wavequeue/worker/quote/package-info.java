/**
 * Asks the provider for the prices that plans want to know.
 *
 * <p>Due questions of the table {@code quote} enter, its answers leave. A question is free: it may be asked twice, and one that
 * is not answered is asked again as long as somebody waits for it.
 */
@NullMarked
package io.wavequeue.worker.quote;

import org.jspecify.annotations.NullMarked;
