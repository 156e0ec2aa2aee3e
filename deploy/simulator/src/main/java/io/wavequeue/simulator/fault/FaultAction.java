package io.wavequeue.simulator.fault;

import java.math.BigDecimal;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a fault does: to an answer, to a prediction's course, or to what is told of it elsewhere. */
public sealed interface FaultAction {
    int MOST_BYTES = 64 << 20;
    BigDecimal MOST_TIMES = BigDecimal.valueOf(1_000_000);
    int MOST_PLACES = 12;

    /** Changes an answer. */
    sealed interface OfAnswer extends FaultAction {}

    /** Decides how a prediction goes. */
    sealed interface OfCourse extends FaultAction {}

    /** Decides how it shows up in the history, on the bill or by webhook. */
    sealed interface OfRecord extends FaultAction {}

    /**
     * Answers with this status instead.
     *
     * @param retryAfter seconds for the Retry-After header, which is absent when null
     * @param code {@code code} in a JSON body, the status when null
     * @param location for the Location header, which is absent when null
     */
    record Answer(
            int status,
            Body body,
            @Nullable Integer retryAfter,
            @Nullable Integer code,
            @Nullable String message,
            @Nullable String location)
            implements OfAnswer {
        public Answer {
            if (status < 200 || status > 599) {
                throw new IllegalArgumentException("field \"status\" must be between 200 and 599, not " + status);
            }
            if (location != null) {
                requireHeader("location", location);
            }
        }

        /** One without a Location. */
        public Answer(
                int status, Body body, @Nullable Integer retryAfter, @Nullable Integer code, @Nullable String message) {
            this(status, body, retryAfter, code, message, null);
        }

        public static Answer of(int status) {
            return new Answer(status, Body.JSON, null, null, null);
        }
    }

    /** Closes the connection without an answer: with a TCP reset, or in the orderly way. */
    record Drop(boolean reset) implements OfAnswer {}

    /** Announces the whole answer, sends this many bytes of it (half when null) and closes the connection. */
    record Cut(@Nullable Integer bytes) implements OfAnswer {
        public Cut {
            requireLength(bytes == null ? 0 : bytes, Integer.MAX_VALUE);
        }
    }

    /** A complete HTTP answer whose JSON ends in the middle. */
    record CutJson() implements OfAnswer {}

    /** An envelope of success whose {@code data} is null. */
    record NullData() implements OfAnswer {}

    /** HTTP 200 with another code in the envelope, with the real {@code data} or with null. */
    record Envelope(int code, boolean withData) implements OfAnswer {}

    /** The prediction shows this status and no outputs. */
    record ShowStatus(String status) implements OfAnswer {}

    /** The real answer, only later: the rule's delay does it. */
    record Pass() implements OfAnswer, OfRecord {}

    /** The whole file or JSON text shortened to this many bytes (half when null), and announced as that long. */
    record Shorten(@Nullable Integer bytes) implements OfAnswer {
        public Shorten {
            requireLength(bytes == null ? 0 : bytes, Integer.MAX_VALUE);
        }
    }

    /** The real answer with spaces behind it, this many bytes in all. */
    record Pad(int bytes) implements OfAnswer {
        public Pad {
            requireLength(bytes, MOST_BYTES);
        }
    }

    /** The real answer under another Content-Type. */
    record Type(String contentType) implements OfAnswer {
        public Type {
            requireHeader("value", contentType);
        }
    }

    /** Never listed, never refunded, never told. */
    record Omit() implements OfRecord {}

    /** Charged twice, or told twice. */
    record Twice() implements OfRecord {}

    /** Charged at this many times the listed price. */
    record Price(BigDecimal factor) implements OfRecord {
        public Price {
            if (factor.signum() < 0 || factor.compareTo(MOST_TIMES) > 0 || factor.scale() > MOST_PLACES) {
                throw new IllegalArgumentException(
                        "field \"factor\" must be between 0 and " + MOST_TIMES + ", not " + factor);
            }
        }
    }

    /** Before the real webhook one of somebody else, who says that it failed and does not know the secret. */
    record Forge() implements OfRecord {}

    /** A webhook with a signature that is right and a time long past. */
    record Stale() implements OfRecord {}

    /** Ends {@code failed} with this task code. */
    record Fail(int code, @Nullable String message) implements OfCourse {}

    /** Ends {@code cancelled}, {@code timeout} or {@code deleted}. */
    record End(String status) implements OfCourse {
        public End {
            if (!status.equals("cancelled") && !status.equals("timeout") && !status.equals("deleted")) {
                throw new IllegalArgumentException(
                        "field \"value\" must be cancelled, timeout or deleted, not \"" + status + "\"");
            }
        }
    }

    /** Stays in processing for ever. */
    record Stuck() implements OfCourse {}

    /** Runs for exactly this long, and then ends well. */
    record Last(long milliseconds) implements OfCourse {
        public Last {
            if (milliseconds < 0) {
                throw new IllegalArgumentException("field \"ms\" must be at least 0, not " + milliseconds);
            }
        }
    }

    private static void requireLength(int bytes, int most) {
        if (bytes < 0 || bytes > most) {
            throw new IllegalArgumentException("field \"bytes\" must be at least 0"
                    + (most == Integer.MAX_VALUE ? "" : " and at most " + most) + ", not " + bytes);
        }
    }

    /** What a server may send as a header's value: anything else, a line's end above all, cannot go over the wire. */
    private static void requireHeader(String field, String value) {
        if (!value.matches("[ -~]+")) {
            throw new IllegalArgumentException("field \"" + field + "\" must be printable ASCII");
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
