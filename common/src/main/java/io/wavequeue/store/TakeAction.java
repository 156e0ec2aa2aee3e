package io.wavequeue.store;

import java.util.Locale;

/** What a plan does with a take. */
public enum TakeAction {
    /** The library has nothing of it that could serve. */
    NEW,
    /** The library has it by another key. */
    CHANGED,
    /** It is there, or being made. */
    UNCHANGED,
    /** It is there and made again: a person or a policy does not want it as it is. */
    RETAKE,
    /** New or changed, and an archived result of the same work serves. */
    REUSED,
    /** The library has it, and the file does not ask for it any more. */
    ORPHANED;

    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean makesJob() {
        return switch (this) {
            case NEW, CHANGED, RETAKE -> true;
            case UNCHANGED, REUSED, ORPHANED -> false;
        };
    }

    static TakeAction of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }
}
