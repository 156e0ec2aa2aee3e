/**
 * Faults that a test or a demo orders.
 *
 * <p>In: rules, each naming a phase, what it applies to, how often, and one action; out: for a call in a phase, the rule
 * that strikes it, if any. The first rule that matches wins. Whether a rule with a rate strikes follows from the seed and
 * the call itself (its body, its count), never from the order in which calls arrive. Not thread-safe: one event loop owns it.
 */
@NullMarked
package io.wavequeue.simulator.fault;

import org.jspecify.annotations.NullMarked;
