package io.wavequeue.letters;

import java.time.Duration;

/** The provider's history of a model is not read yet, so that nobody knows what was made since the letters. Nothing was done. */
public final class HistoryUnreadException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    HistoryUnreadException(String message, Duration retryAfter) {
        super(message);
        this.retryAfter = retryAfter;
    }

    /** When it is worth asking again. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
