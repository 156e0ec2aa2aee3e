package io.wavequeue.job;

import java.util.Locale;

/** Why a job failed, was refused or is held. Names are part of the REST contract. */
public enum ErrorClass {
    MODERATED,
    INVALID_INPUT,
    MEDIA_UNREACHABLE,
    UNAUTHORIZED,
    OUT_OF_CREDITS,
    PROVIDER_ERROR,
    PROVIDER_TIMEOUT,
    RATE_LIMITED,
    UNCERTAIN_SUBMISSION,
    UNKNOWN_JOB,
    INTERNAL,
    PAUSED,
    BUDGET;

    /** The name in the database and in JSON. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** True when the same request may well succeed as a new attempt, which is a new charge. */
    public boolean isRetryable() {
        return this == PROVIDER_ERROR || this == PROVIDER_TIMEOUT;
    }
}
