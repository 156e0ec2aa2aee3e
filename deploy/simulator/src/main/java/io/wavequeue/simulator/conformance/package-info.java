/**
 * Asks a running service, by default the real one, what its documents leave open, and whether the rest is as the simulator
 * has it.
 *
 * <p>In: an address, a key, a cap on what may be spent; out: a line per check, and the answers to the open questions. Every
 * submit goes through {@link io.wavequeue.simulator.conformance.Purse}, which quotes it first (but for the one to a model
 * that is none), sends it once and keeps to the cap. The key goes to that address alone.
 */
@NullMarked
package io.wavequeue.simulator.conformance;

import org.jspecify.annotations.NullMarked;
