package io.wavequeue.worker.audio;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What an archived file is worth, as far as a program can tell. It changes no job. */
public enum Verdict {
    /** Audio, as it was asked for. */
    OK,
    /** Audio, but probably not as it was wanted: somebody should listen. */
    SUSPECT,
    /** No audio, or only a part of it. */
    BROKEN,
    /** Nobody could tell. */
    UNKNOWN;

    /** As the API and the database call it. */
    @JsonValue
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
