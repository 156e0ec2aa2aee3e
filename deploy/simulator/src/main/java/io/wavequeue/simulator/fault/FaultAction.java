package io.wavequeue.simulator.fault;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a fault does. All but the last four change an answer; those say how a prediction ends. */
public sealed interface FaultAction {

    /** Whether this decides a prediction's course instead of an answer. */
    default boolean decidesPrediction() {
        return this instanceof Fail || this instanceof End || this instanceof Stuck || this instanceof Last;
    }

    /**
     * Answers with this status instead.
     *
     * @param retryAfter seconds for the Retry-After header, which is absent when null
     * @param code {@code code} in a JSON body, the status when null
     */
    record Answer(
            int status,
            Body body,
            @Nullable Integer retryAfter,
            @Nullable Integer code,
            @Nullable String message) implements FaultAction {
        public Answer {
            if (status < 200 || status > 599) {
                throw new IllegalArgumentException("field \"status\" must be between 200 and 599, not " + status);
            }
        }

        public static Answer of(int status) {
            return new Answer(status, Body.JSON, null, null, null);
        }
    }

    /** Closes the connection without an answer: with a TCP reset, or in the orderly way. */
    record Drop(boolean reset) implements FaultAction {}

    /** Announces the whole answer, sends this many bytes of it (half when null) and closes the connection. */
    record Cut(@Nullable Integer bytes) implements FaultAction {
        public Cut {
            if (bytes != null && bytes < 0) {
                throw new IllegalArgumentException("field \"bytes\" must be at least 0, not " + bytes);
            }
        }
    }

    /** A complete HTTP answer whose JSON ends in the middle. */
    record CutJson() implements FaultAction {}

    /** An envelope of success whose {@code data} is null. */
    record NullData() implements FaultAction {}

    /** HTTP 200 with another code in the envelope, with the real {@code data} or with null. */
    record Envelope(int code, boolean withData) implements FaultAction {}

    /** The prediction shows this status and no outputs. */
    record ShowStatus(String status) implements FaultAction {}

    /** The real answer, only later: the rule's delay does it. */
    record Pass() implements FaultAction {}

    /** Ends {@code failed} with this task code. */
    record Fail(int code, @Nullable String message) implements FaultAction {}

    /** Ends {@code cancelled}, {@code timeout} or {@code deleted}. */
    record End(String status) implements FaultAction {
        public End {
            if (!status.equals("cancelled") && !status.equals("timeout") && !status.equals("deleted")) {
                throw new IllegalArgumentException(
                        "field \"value\" must be cancelled, timeout or deleted, not \"" + status + "\"");
            }
        }
    }

    /** Stays in processing for ever. */
    record Stuck() implements FaultAction {}

    /** Runs for exactly this long, and then ends well. */
    record Last(long milliseconds) implements FaultAction {
        public Last {
            if (milliseconds < 0) {
                throw new IllegalArgumentException("field \"ms\" must be at least 0, not " + milliseconds);
            }
        }
    }

    /** Kinds of body of an {@link Answer}. */
    enum Body {
        JSON,
        HTML,
        EMPTY;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
