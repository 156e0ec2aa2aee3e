package io.wavequeue.job;

import java.util.Locale;

/** The state of an attempt, that is, of a POST that may have been accepted. */
public enum AttemptStatus {
    /** Claimed; the POST may be under way. */
    SUBMITTING,
    /** The provider gave a prediction id. */
    ACCEPTED,
    /** The provider refused it; not charged. */
    REFUSED,
    /** Nobody knows yet whether the provider took it. */
    UNCERTAIN,
    /** Proved that the provider never made a prediction of it. */
    NOT_CREATED,
    /** The prediction ended with outputs. */
    COMPLETED,
    /** The prediction ended without. */
    FAILED;

    /** By its name in the database. */
    public static AttemptStatus of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }

    /** The name in the database and in JSON. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** True while it holds one of the account's places in flight. */
    public boolean isOpen() {
        return this == SUBMITTING || this == ACCEPTED || this == UNCERTAIN;
    }
}
