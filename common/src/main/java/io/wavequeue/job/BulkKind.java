package io.wavequeue.job;

import java.util.Locale;

/** What a bulk operation does to its jobs. The column {@code resolution.kind} holds {@link #code()}. */
public enum BulkKind {
    /** Decides about submits whose outcome nobody knows. */
    RESOLUTION("resolved"),
    /** Has jobs that ended go again. */
    REPLAY("replayed"),
    /** Cancels jobs. */
    CANCELLATION("cancelled"),
    /** Holds jobs that are not submitted yet, until they are released. */
    HOLD("held"),
    /** Lets jobs go that a person held. */
    RELEASE("released");

    private final String done;

    BulkKind(String done) {
        this.done = done;
    }

    /** The name in the database. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What a job is called when it was done. */
    public String done() {
        return done;
    }

    /** The plural, as in the path of the call. */
    public String path() {
        return code() + "s";
    }

    /** The kind of that name; {@link IllegalArgumentException} when there is none. */
    public static BulkKind of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }
}
