package io.wavequeue.worker.audio;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the probe found in a file, without a judgement.
 *
 * @param kind by the content; null = none that is known
 * @param sampleRate in Hz; 0 = nothing was decoded
 * @param frames samples of each channel
 * @param peak the highest absolute sample; full scale is 1
 * @param clipped the part of the samples that is in clipped peaks, 0 to 1
 * @param loudness null = nothing here measures it
 */
public record Measurement(
        @Nullable AudioKind kind,
        int sampleRate,
        int channels,
        long frames,
        double peak,
        double clipped,
        Set<Fault> faults,
        @Nullable Loudness loudness) {
    public Measurement {
        faults = Set.copyOf(faults);
    }

    static Measurement of(@Nullable AudioKind kind, Findings findings, @Nullable Loudness loudness) {
        Meter meter = findings.meter();
        return meter == null
                ? new Measurement(kind, 0, 0, 0, 0, 0, findings.faults(), loudness)
                : new Measurement(
                        kind,
                        meter.sampleRate(),
                        meter.channels(),
                        meter.frames(),
                        meter.peak(),
                        meter.clipped(),
                        findings.faults(),
                        loudness);
    }
}
