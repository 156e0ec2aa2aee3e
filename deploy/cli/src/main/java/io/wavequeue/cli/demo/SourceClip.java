package io.wavequeue.cli.demo;

import java.util.Arrays;
import java.util.Locale;

/**
 * The clips that the demo's models extend, repair and restyle. They are computed, not recorded, so the project ships no
 * audio of anybody; the noise is seeded, so every run uploads the same bytes.
 */
enum SourceClip {
    /** Four seconds of wind. */
    WIND {
        @Override
        double[] samples() {
            return Synthesis.wind(4.0);
        }
    },
    /** A second of a blow: a burst of noise over a falling low tone. */
    HIT {
        @Override
        double[] samples() {
            return Synthesis.hit(1.2);
        }
    },
    /** A melody of eight notes. */
    THEME {
        @Override
        double[] samples() {
            return Synthesis.theme(0.5);
        }
    };

    abstract double[] samples();

    /** The clip that the manifest calls {@code clip:<name>}. */
    static SourceClip named(String name) {
        return Arrays.stream(values())
                .filter(c -> c.text().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no clip is called '" + name + "'"));
    }

    /** The clip as a WAV file. */
    byte[] wav() {
        return Wav.file(samples());
    }

    String filename() {
        return text() + ".wav";
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
