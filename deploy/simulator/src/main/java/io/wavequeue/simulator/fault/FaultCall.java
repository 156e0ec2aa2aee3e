package io.wavequeue.simulator.fault;

import org.jspecify.annotations.Nullable;

/**
 * A call that a fault may strike.
 *
 * @param model the model's id where the call has one
 * @param subject what repeated calls have in common: the prediction, file or body
 * @param draw a number that belongs to the subject and the seed
 * @param count how many such calls there were before, of the same subject
 */
public record FaultCall(String endpoint, @Nullable String model, String subject, long draw, int count) {}
