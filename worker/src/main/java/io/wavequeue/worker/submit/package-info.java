/**
 * Exactly one POST for each claimed job.
 *
 * <p>A claimed job enters, what the provider made of it leaves. Rests on no layer below resending a request, and on the gate
 * that is checked on the connection's own thread right before the first byte.
 */
@NullMarked
package io.wavequeue.worker.submit;

import org.jspecify.annotations.NullMarked;
