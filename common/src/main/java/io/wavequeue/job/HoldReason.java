package io.wavequeue.job;

import java.util.Locale;

/** What a held job waits for. */
public enum HoldReason {
    /** A person paused the account or the batch. */
    PAUSED,
    /** The budget of the day or of the batch does not cover it, or the price of its model is in question. */
    BUDGET,
    /** The provider account has no credit left. */
    OUT_OF_CREDITS,
    /** The provider refused the key. */
    UNAUTHORIZED,
    /** Nobody could tell whether the provider took the submit; a person decides. */
    UNCERTAIN_SUBMISSION;

    /** The name in the database and in JSON. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The error class that a job held for this reason shows. */
    public ErrorClass errorClass() {
        return ErrorClass.valueOf(name());
    }
}
