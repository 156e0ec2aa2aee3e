package io.wavequeue.worker.audio;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a decoder finds on its way through a file. */
final class Findings {
    private final Set<Fault> faults = EnumSet.noneOf(Fault.class);
    private @Nullable Meter meter;

    /** The meter for the file's samples; they begin. */
    Meter begin(int sampleRate, int channels) {
        Meter begun = new Meter(sampleRate, channels);
        meter = begun;
        return begun;
    }

    void add(Fault fault) {
        faults.add(fault);
    }

    /** Decoding ended before the file did. */
    void failed() {
        faults.add(heard() ? Fault.DAMAGED : Fault.UNDECODABLE);
    }

    /** Whether there is any audio. */
    boolean heard() {
        return meter != null && meter.frames() > 0;
    }

    @Nullable
    Meter meter() {
        return meter;
    }

    Set<Fault> faults() {
        return faults;
    }
}
