package io.wavequeue.job;

import java.util.Locale;

/** Why a paid prediction that no worker follows is looked at. */
public enum LookoutReason {
    /** Its model's deadline passed, and its job failed. It may still end. */
    DEADLINE,
    /** The provider did not know it for a while, and its job failed. */
    UNKNOWN,
    /** An uncertain submit may have made it, and no attempt has it. */
    UNASSIGNED;

    /** The name in the database and in metrics. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The reason of that name; {@link IllegalArgumentException} when there is none. */
    public static LookoutReason of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }
}
