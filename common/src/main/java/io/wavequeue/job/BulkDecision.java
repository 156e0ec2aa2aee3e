package io.wavequeue.job;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a person decides about many submits at once whose outcome nobody knows. */
public enum BulkDecision {
    /** Each is given the one prediction that it alone may have made; the others are skipped. */
    ADOPT,
    /** All are submitted again, whether or not they were charged before. */
    RESUBMIT,
    /** All jobs fail. */
    ABANDON;

    /** The name in the database and in JSON. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The decision of that name; empty when there is none. */
    public static Optional<BulkDecision> of(String code) {
        return Arrays.stream(values())
                .filter(decision -> decision.code().equals(code))
                .findFirst();
    }
}
