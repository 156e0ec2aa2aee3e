package io.wavequeue.simulator.fault;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A call that a fault may strike.
 *
 * @param model the model's id where the call has one
 * @param subject what repeated calls have in common: the prediction, file or body
 * @param draw a number that belongs to the subject and the seed
 * @param count how many such calls there were before, of the same subject
 * @param body of the submit that it belongs to
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record FaultCall(
        String endpoint, @Nullable String model, String subject, long draw, int count, byte @Nullable [] body) {

    boolean contains(String text) {
        byte[] bytes = body;
        return bytes != null && new String(bytes, StandardCharsets.UTF_8).contains(text);
    }
}
