/**
 * What the provider asks for the runs of a plan, beside what the catalogue says.
 *
 * <p>Lines of a plan enter, a quote per model leaves. A worker asks the provider, by way of the table {@code quote}. A
 * quote is for people: no reservation, no estimate of a job and no budget rests on it.
 */
@NullMarked
package io.wavequeue.quote;

import org.jspecify.annotations.NullMarked;
