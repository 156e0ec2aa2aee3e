package io.wavequeue.api.media;

import java.io.IOException;

/** A clip cannot be had from its URL. The message is the predicate of a sentence about the URL, for its caller. */
final class FetchFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean refused;

    private FetchFailedException(String reason, boolean refused) {
        super(reason);
        this.refused = refused;
    }

    /** The URL itself is not one that is fetched from. */
    static FetchFailedException refused(String reason) {
        return new FetchFailedException(reason, true);
    }

    /** It may be fetched from, and that did not come to anything. */
    static FetchFailedException failed(String reason) {
        return new FetchFailedException(reason, false);
    }

    boolean isRefused() {
        return refused;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
