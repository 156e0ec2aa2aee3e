/**
 * A WaveSpeed that runs on this machine: for tests, the demo and benchmarks, never for money.
 *
 * <p>In: the provider's API over HTTP, and orders for faults; out: predictions that take their time, audio that plays, and
 * a ledger of every accepted submit that tests hold the product against. It shares no code with the product.
 */
@NullMarked
package io.wavequeue.simulator;

import org.jspecify.annotations.NullMarked;
