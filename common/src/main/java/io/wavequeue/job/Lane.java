package io.wavequeue.job;

import java.util.Locale;

/** Which of the two queues a job waits in: somebody is waiting for it, or it is part of a night's work. */
public enum Lane {
    INTERACTIVE,
    BULK;

    /** The name in the database, in JSON and at the end of the topic's name. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The lane of that name; {@link IllegalArgumentException} when there is none. */
    public static Lane of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }
}
