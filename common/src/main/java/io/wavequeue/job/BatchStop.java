package io.wavequeue.job;

import java.util.Locale;

/** Why no job of a batch is submitted. The column {@code batch.stop} holds {@link #code()}. */
public enum BatchStop {
    /** For now: what waits is held until a person resumes it. */
    PAUSED,
    /** For good: what waits ends, and what is paid is followed to its end. */
    CANCELLED;

    /** The name in the database and in JSON. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The stop of that name; {@link IllegalArgumentException} when there is none. */
    public static BatchStop of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }
}
