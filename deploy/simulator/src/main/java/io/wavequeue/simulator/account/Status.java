package io.wavequeue.simulator.account;

import java.util.Locale;

/** The states of a prediction, in the provider's words. */
public enum Status {
    CREATED,
    PROCESSING,
    COMPLETED,
    FAILED,
    CANCELLED,
    TIMEOUT,
    DELETED;

    public boolean isTerminal() {
        return this != CREATED && this != PROCESSING;
    }

    /** Whether the provider gives the money back: failed and timed out, but not what somebody cancelled or deleted. */
    public boolean isRefunded() {
        return this == FAILED || this == TIMEOUT;
    }

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Status of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
