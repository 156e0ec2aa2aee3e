package io.wavequeue.simulator.account;

import io.wavequeue.simulator.catalogue.LogNormal;
import io.wavequeue.simulator.catalogue.ModelSpec;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * How long predictions run: a preset ({@code instant}, {@code demo}, {@code real}), {@code fixed:MS} or
 * {@code lognormal:MEDIAN_MS:SIGMA}, followed by exceptions such as {@code ,wavespeed-ai/ace-step/audio-outpaint=fixed:50}.
 */
public record LatencyProfile(String text, String general, Map<String, LogNormal> byModel) {
    private static final Set<String> PRESETS = Set.of("demo", "real");
    private static final LogNormal INSTANT = LogNormal.of(0, 0);

    public static LatencyProfile parse(String text) {
        String general = "instant";
        Map<String, LogNormal> byModel = new HashMap<>();
        for (String part : text.split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals < 0) {
                general = part.strip();
            } else {
                byModel.put(
                        part.substring(0, equals).strip(),
                        distribution(part.substring(equals + 1).strip()));
            }
        }
        if (!PRESETS.contains(general)) {
            distribution(general);
        }
        return new LatencyProfile(text, general, Map.copyOf(byModel));
    }

    private static LogNormal distribution(String text) {
        String[] words = text.split(":", -1);
        try {
            if (text.equals("instant")) {
                return INSTANT;
            } else if (words[0].equals("fixed") && words.length == 2) {
                return LogNormal.of(Integer.parseInt(words[1]), 0);
            } else if (words[0].equals("lognormal") && words.length == 3) {
                return LogNormal.of(Double.parseDouble(words[1]), Double.parseDouble(words[2]));
            }
        } catch (NumberFormatException e) {
            // the sentence below says what a number would have been good for
        }
        throw new IllegalArgumentException("instant, demo, real, fixed:MS or lognormal:MEDIAN_MS:SIGMA");
    }

    LogNormal of(ModelSpec model) {
        LogNormal special = byModel.get(model.id());
        if (special != null) {
            return special;
        }
        LogNormal preset = model.latencies().get(general);
        return preset == null ? distribution(general) : preset;
    }
}
