package io.wavequeue.worker.audio;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Loudness after EBU R 128.
 *
 * @param integratedLufs null = silent, or shorter than the 0.4 s that a measurement needs
 * @param truePeakDbtp null = silent
 */
public record Loudness(
        @Nullable Double integratedLufs, @Nullable Double truePeakDbtp) {
    private static final String SUMMARY = "Summary:";
    private static final Pattern INTEGRATED = Pattern.compile("\\s*I:\\s+(-?[0-9.]+) LUFS");
    private static final Pattern PEAK = Pattern.compile("\\s*Peak:\\s+(-?[0-9.]+) dBFS");

    /** What the measurement says of what it does not hear. */
    private static final double FLOOR = -70;

    /** Of what ffmpeg's filter {@code ebur128} prints at its end; null = it has not. */
    static @Nullable Loudness of(List<String> lines) {
        int summary = lines.size() - 1;
        while (summary >= 0 && !lines.get(summary).contains(SUMMARY)) {
            summary--;
        }
        if (summary < 0) {
            return null;
        }
        List<String> told = lines.subList(summary, lines.size());
        Double integrated = number(told, INTEGRATED);
        return new Loudness(integrated == null || integrated <= FLOOR ? null : integrated, number(told, PEAK));
    }

    private static @Nullable Double number(List<String> lines, Pattern pattern) {
        for (String line : lines) {
            Matcher matcher = pattern.matcher(line);
            if (matcher.matches()) {
                return Double.valueOf(matcher.group(1));
            }
        }
        return null;
    }
}
