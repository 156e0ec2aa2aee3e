package io.wavequeue.job;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** How far a bulk operation is carried out. The column {@code resolution.status} holds {@link #code()}. */
public enum BulkStatus {
    /** Its jobs are chosen, and none is changed yet. */
    PLANNED,
    /** It is being carried out. */
    RUNNING,
    /** A person stopped it for now. */
    PAUSED,
    /** A person ended it; what was done stays done. */
    ABORTED,
    /** Every job was changed or skipped. */
    DONE;

    /** The name in the database and in JSON. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The state of that name; {@link IllegalArgumentException} when there is none. */
    public static BulkStatus of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }

    /** True when it may go from this state to {@code next}. */
    public boolean mayBecome(BulkStatus next) {
        return nexts().contains(next);
    }

    private Set<BulkStatus> nexts() {
        return switch (this) {
            case PLANNED -> EnumSet.of(RUNNING, PAUSED, ABORTED, DONE);
            case RUNNING -> EnumSet.of(PAUSED, ABORTED, DONE);
            case PAUSED -> EnumSet.of(RUNNING, ABORTED);
            case ABORTED, DONE -> EnumSet.noneOf(BulkStatus.class);
        };
    }
}
