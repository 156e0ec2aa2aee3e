package io.wavequeue.job;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The state of a job. The diagram is in {@code deploy/docs/flow.md}; the column {@code job.status} holds {@link #code()}. */
public enum JobStatus {
    /** Accepted; waits for its turn or its due time. */
    QUEUED,
    /** A worker holds it and the paid call may be under way. Written before the POST. */
    SUBMITTING,
    /** The outcome of the POST is unknown: it may have been charged. */
    UNCERTAIN,
    /** The prediction's id is known; it is being polled. */
    RUNNING,
    /** Waits for the condition that the {@link HoldReason} names. */
    HELD,
    /** The outputs are known. */
    SUCCEEDED,
    /** We gave up, and say why. */
    FAILED,
    /** A person stopped it. */
    CANCELLED;

    /** The name in the database and in JSON. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The state of that name; {@link IllegalArgumentException} when there is none. */
    public static JobStatus of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }

    /** True when nothing but a replay moves the job on. */
    public boolean isTerminal() {
        return this == SUCCEEDED || this == FAILED || this == CANCELLED;
    }

    /** True when the state diagram has the edge from this state to {@code next}. */
    public boolean mayBecome(JobStatus next) {
        return nexts().contains(next);
    }

    private Set<JobStatus> nexts() {
        return switch (this) {
            case QUEUED -> EnumSet.of(SUBMITTING, RUNNING, HELD, FAILED, CANCELLED);
            case SUBMITTING -> EnumSet.of(RUNNING, UNCERTAIN, QUEUED, HELD, FAILED, CANCELLED);
            case UNCERTAIN -> EnumSet.of(RUNNING, QUEUED, HELD, FAILED);
            case RUNNING -> EnumSet.of(SUCCEEDED, FAILED, QUEUED, CANCELLED);
            case HELD -> EnumSet.of(QUEUED, RUNNING, FAILED, CANCELLED);
            case SUCCEEDED, FAILED, CANCELLED -> EnumSet.of(QUEUED);
        };
    }
}
