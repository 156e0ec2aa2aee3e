package io.wavequeue.job;

import java.util.Locale;

/** Why a job of a frozen set was left as it was. The column {@code resolution_item.skip_reason} holds {@link #code()}. */
public enum SkipReason {
    /** Nothing about it is in doubt any more: evidence was found, or somebody else decided. */
    ALREADY_RESOLVED,
    /** A webhook told what became of it, which is about to be written. */
    EVIDENCE_WAITS,
    /** Another attempt than the one that was decided about is in doubt now. */
    CHANGED,
    /** No prediction is known that it may have made. */
    NO_CANDIDATE,
    /** It may have made more than one. */
    SEVERAL_CANDIDATES,
    /** Another uncertain job may have made the same prediction. */
    CANDIDATE_SHARED,
    /** Another attempt was given the prediction meanwhile. */
    CANDIDATE_TAKEN,
    /** The whole was ended before its turn came. */
    ABORTED;

    /** The name in the database and in JSON. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The reason of that name; {@link IllegalArgumentException} when there is none. */
    public static SkipReason of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }
}
