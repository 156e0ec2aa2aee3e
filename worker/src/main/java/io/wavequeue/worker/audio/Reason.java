package io.wavequeue.worker.audio;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Why a verdict is not {@link Verdict#OK}. */
public enum Reason {
    /** Nothing of it could be decoded. */
    UNDECODABLE(Verdict.BROKEN),
    /** It has less than it says itself. */
    TRUNCATED(Verdict.BROKEN),
    /** A part could not be decoded. */
    DAMAGED(Verdict.SUSPECT),
    /** Another format than was asked for. */
    FORMAT(Verdict.SUSPECT),
    /** Another length than was asked for. */
    DURATION(Verdict.SUSPECT),
    /** Nothing is louder than -60 dBFS. */
    SILENT(Verdict.SUSPECT),
    /** Peaks are cut off. */
    CLIPPED(Verdict.SUSPECT),
    /** Nothing here decodes its format. */
    NO_DECODER(Verdict.UNKNOWN),
    /** The look at it was ended. */
    TOOK_TOO_LONG(Verdict.UNKNOWN),
    /** The look at it failed, which need not be the file's fault. */
    CHECK_FAILED(Verdict.UNKNOWN),
    /** It is not where it was archived, or may not be read. */
    FILE_UNREADABLE(Verdict.UNKNOWN);

    private final Verdict verdict;

    Reason(Verdict verdict) {
        this.verdict = verdict;
    }

    Verdict verdict() {
        return verdict;
    }

    /** As the API and the database call it. */
    @JsonValue
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
