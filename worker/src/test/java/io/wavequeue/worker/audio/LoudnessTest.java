package io.wavequeue.worker.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.wavequeue.simulator.audio.AudioFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LoudnessTest {
    private static List<String> summary(String integrated, String peak) {
        return """
                Input #0, mp3, from 'file:clip.mp3':
                [Parsed_ebur128_0 @ 0x5581] t: 0.5 TARGET:-23 LUFS    M: -12.0 S:-120.7     I: -12.0 LUFS       LRA:   0.0 LU
                [Parsed_ebur128_0 @ 0x5581] Summary:

                  Integrated loudness:
                    I:         %s LUFS
                    Threshold: -27.9 LUFS

                  Loudness range:
                    LRA:         5.3 LU
                    Threshold: -37.9 LUFS

                  True peak:
                    Peak:      %s dBFS
                """.formatted(integrated, peak).lines().toList();
    }

    @Test
    void shouldReadTheSummary() {
        assertThat(Loudness.of(summary("-17.6", "-9.8"))).isEqualTo(new Loudness(-17.6, -9.8));
        assertThat(Loudness.of(summary("-6.0", "1.2"))).isEqualTo(new Loudness(-6.0, 1.2));
    }

    @Test
    void shouldLeaveOutWhatIsNotHeard() {
        assertThat(Loudness.of(summary("-70.0", "-inf"))).isEqualTo(new Loudness(null, null));
        assertThat(Loudness.of(List.of("Conversion failed!"))).isNull();
    }

    /** Where ffmpeg is installed. */
    @ParameterizedTest
    @EnumSource
    void shouldMeasureEveryFormatByFfmpeg(AudioFormat format, @TempDir Path folder)
            throws IOException, InterruptedException {
        Optional<Ffmpeg> ffmpeg = Optional.ofNullable(System.getenv("PATH")).flatMap(Ffmpeg::on);
        assumeThat(ffmpeg).isPresent();

        Measurement found = new AudioProbe(ffmpeg.get())
                .measure(Clips.file(folder, "clip." + format.extension(), Clips.simulated(format, "4")));

        assertThat(found.faults()).isEmpty();
        assertThat((double) found.frames() / found.sampleRate()).isBetween(3.9, 4.2);
        assertThat(found.loudness()).isNotNull().satisfies(loudness -> {
            assertThat(loudness.integratedLufs()).isBetween(-40.0, -10.0);
            assertThat(loudness.truePeakDbtp()).isBetween(-20.0, 0.0);
        });
    }
}
