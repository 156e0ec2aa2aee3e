package io.wavequeue.worker.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.wavequeue.simulator.audio.AudioFormat;
import io.wavequeue.worker.audio.Clips.Samples;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AudioProbeTest {
    @TempDir
    Path folder;

    private final AudioProbe probe = new AudioProbe(null);

    private Measurement measure(byte[] bytes) throws IOException, InterruptedException {
        return probe.measure(Clips.file(folder, "clip.any", bytes));
    }

    private static byte[] cut(byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length / 2);
    }

    private static byte[] scratched(byte[] bytes) {
        byte[] scratched = new byte[bytes.length];
        new Random(1).nextBytes(scratched);
        System.arraycopy(bytes, 0, scratched, 0, bytes.length / 2);
        return scratched;
    }

    @Nested
    class Wav {
        @ParameterizedTest
        @EnumSource
        void shouldMeasureEveryEncoding(Samples form) throws IOException, InterruptedException {
            Measurement found = measure(Clips.sine(form, 2, 0.5));

            assertThat(found.kind()).isEqualTo(AudioKind.WAV);
            assertThat(found.sampleRate()).isEqualTo(Clips.RATE);
            assertThat(found.channels()).isEqualTo(2);
            assertThat(found.frames()).isEqualTo(Clips.RATE / 2);
            assertThat(found.peak()).isCloseTo(0.5, within(0.01));
            assertThat(found.clipped()).isZero();
            assertThat(found.faults()).isEmpty();
            assertThat(found.loudness()).isNull();
        }

        @ParameterizedTest
        @EnumSource
        void shouldCountPeaksThatAreCutOff(Samples form) throws IOException, InterruptedException {
            assertThat(measure(Clips.sine(form, 1, 1.5)).clipped()).isBetween(0.2, 0.6);
        }

        @Test
        void shouldNotCallASinglePeakAtFullScaleClipped() throws IOException, InterruptedException {
            Measurement found = measure(Clips.wav(Samples.SHORTS, 1, 0, 0.5, 1, 1, 0.5, 0, -0.5, -1, -0.5));

            assertThat(found.peak()).isEqualTo(1);
            assertThat(found.clipped()).isZero();
        }

        @Test
        void shouldTellChannelsApartWhenOneOfThemClips() throws IOException, InterruptedException {
            assertThat(measure(Clips.wav(Samples.SHORTS, 2, 1, 0, 1, 0, 1, 0, 1, 0))
                            .clipped())
                    .isEqualTo(0.5);
        }

        @Test
        void shouldHearNothingWhenThereIsSilence() throws IOException, InterruptedException {
            assertThat(measure(Clips.sine(Samples.SHORTS, 1, 0)).peak()).isZero();
        }

        @Test
        void shouldSayTruncatedWhenTheFileHasLessThanItSays() throws IOException, InterruptedException {
            Measurement found = measure(cut(Clips.sine(Samples.SHORTS, 1, 0.5)));

            assertThat(found.faults()).containsExactly(Fault.TRUNCATED);
            assertThat(found.frames()).isBetween(1_900L, 2_000L);
        }

        @Test
        void shouldSayUndecodableWhenThereIsNoSample() throws IOException, InterruptedException {
            assertThat(measure(Clips.wav(Samples.SHORTS, 1)).faults()).containsExactly(Fault.UNDECODABLE);
        }

        @Test
        void shouldSayUndecodableWhenOnlyTheHeadIsLeft() throws IOException, InterruptedException {
            assertThat(measure(Arrays.copyOf(Clips.sine(Samples.SHORTS, 1, 0.5), 20))
                            .faults())
                    .containsExactly(Fault.UNDECODABLE);
        }

        @Test
        void shouldSayDamagedWhenSamplesAreNoNumbers() throws IOException, InterruptedException {
            assertThat(measure(Clips.wav(Samples.FLOATS, 1, 0.1, Double.NaN, 0.2, Double.POSITIVE_INFINITY)))
                    .satisfies(found -> assertThat(found.faults()).containsExactly(Fault.DAMAGED))
                    .satisfies(found -> assertThat(found.peak()).isCloseTo(0.2, within(0.001)));
        }
    }

    @Nested
    class Compressed {
        @ParameterizedTest
        @CsvSource({"FLAC, 3, 8000, 0.18, 0", "MP3, 4.1, 22050, 0.3, 0.01", "OGG, 4, 22050, 0.3, 0.02"})
        void shouldMeasureWhatTheSimulatorServes(
                AudioFormat format, double seconds, int sampleRate, double peak, double slack)
                throws IOException, InterruptedException {
            Measurement found = measure(Clips.simulated(format, "3"));

            assertThat(found.kind()).isEqualTo(AudioKind.valueOf(format.name()));
            assertThat(found.faults()).isEmpty();
            assertThat(found.sampleRate()).isEqualTo(sampleRate);
            assertThat(found.channels()).isEqualTo(1);
            assertThat((double) found.frames() / sampleRate).isCloseTo(seconds, within(slack));
            assertThat(found.peak()).isCloseTo(peak, within(0.05));
        }

        @ParameterizedTest
        @EnumSource(names = {"OPUS", "M4A", "AAC"})
        void shouldSayThatNothingDecodesItWithoutFfmpeg(AudioFormat format) throws IOException, InterruptedException {
            Measurement found = measure(Clips.simulated(format, "3"));

            assertThat(found.kind()).isEqualTo(AudioKind.valueOf(format.name()));
            assertThat(found.faults()).containsExactly(Fault.NO_DECODER);
            assertThat(found.frames()).isZero();
        }

        @ParameterizedTest
        @EnumSource(names = {"FLAC", "OGG"})
        void shouldSayTruncatedWhenTheFileIsCut(AudioFormat format) throws IOException, InterruptedException {
            Measurement found = measure(cut(Clips.simulated(format, "3")));

            assertThat(found.faults()).contains(Fault.TRUNCATED);
            assertThat(found.frames()).isLessThan(40_000);
        }

        @Test
        void shouldHearOnlyAPartWhenAnMp3IsCut() throws IOException, InterruptedException {
            assertThat(measure(cut(Clips.simulated(AudioFormat.MP3, "3"))).frames())
                    .isBetween(40_000L, 48_000L);
        }

        @ParameterizedTest
        @EnumSource(names = {"FLAC", "MP3"})
        void shouldSayDamagedWhenHalfOfItIsNoise(AudioFormat format) throws IOException, InterruptedException {
            assertThat(measure(scratched(Clips.simulated(format, "3"))).faults())
                    .containsAnyOf(Fault.DAMAGED, Fault.TRUNCATED);
        }

        @Test
        void shouldNotMindTagsWhereverTheyAre() throws IOException, InterruptedException {
            byte[] clip = Clips.simulated(AudioFormat.MP3, "3");

            assertThat(measure(Arrays.copyOf(clip, clip.length + 128)).faults()).isEmpty();
        }
    }

    @Nested
    class Anything {
        @Test
        void shouldKnowNoFormatWhenItIsAPage() throws IOException, InterruptedException {
            Path page = Clips.file(
                    folder, "clip.wav", "<html>503 Service Unavailable</html>".getBytes(StandardCharsets.UTF_8));

            assertThat(probe.measure(page))
                    .isEqualTo(new Measurement(null, 0, 0, 0, 0, 0, Set.of(Fault.NO_DECODER), null));
        }

        @Test
        void shouldKnowNoFormatWhenItIsEmpty() throws IOException, InterruptedException {
            assertThat(measure(new byte[0]).kind()).isNull();
        }

        /** Heads that promise each format, and nothing behind them. */
        @ParameterizedTest
        @CsvSource({"RIFF1234WAVE", "fLaC", "OggS", "ID3", "1234ftypM4A "})
        void shouldAnswerWhenOnlyTheFirstBytesAreRight(String head) throws IOException, InterruptedException {
            byte[] noise = new byte[4_000];
            new Random(2).nextBytes(noise);
            byte[] start = head.getBytes(StandardCharsets.ISO_8859_1);
            System.arraycopy(start, 0, noise, 0, start.length);

            assertThat(measure(noise).faults()).isNotEmpty();
        }
    }
}
