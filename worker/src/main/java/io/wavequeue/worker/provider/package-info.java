/**
 * The only package that knows WaveSpeed's wire format.
 *
 * <p>Domain words enter and leave; status codes, envelopes and headers stay inside. One classifier turns answers into failures.
 */
@NullMarked
package io.wavequeue.worker.provider;

import org.jspecify.annotations.NullMarked;
