package io.wavequeue.simulator.audio;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AudioFilesTest {
    private final AudioFiles files = new AudioFiles();

    @ParameterizedTest
    @ValueSource(strings = {"0.000125", "0.00025", "0.000375", "0.5", "1", "7.123", "30", "120", "760"})
    void shouldBeExactlyAsLongAsAskedWhenWritten(String seconds) {
        BigDecimal length = new BigDecimal(seconds);
        AudioParser.Clip wav = AudioParser.wav(files.make(AudioFormat.WAV, "a", length));
        AudioParser.Clip flac = AudioParser.flac(files.make(AudioFormat.FLAC, "a", length));
        assertThat(wav.seconds()).isEqualTo(length.doubleValue());
        assertThat(flac).isEqualTo(wav);
    }

    @Test
    void shouldLastOneSecondWhenThereIsNothingToPlay() {
        assertThat(AudioParser.wav(files.make(AudioFormat.WAV, "a", BigDecimal.ZERO))
                        .seconds())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(AudioFormat.class)
    void shouldDifferWhenMadeForAnotherPrediction(AudioFormat format) {
        byte[] one = files.make(format, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", BigDecimal.TWO);
        byte[] same = files.make(format, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", BigDecimal.TWO);
        byte[] other = files.make(format, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", BigDecimal.TWO);
        assertThat(one).isEqualTo(same).isNotEqualTo(other);
    }

    @Test
    void shouldReadLengthOfItsOwnFiles() {
        BigDecimal length = new BigDecimal("2.5");
        assertThat(SourceLength.seconds(files.make(AudioFormat.WAV, "a", length)))
                .isEqualByComparingTo("2.5");
        assertThat(SourceLength.seconds(files.make(AudioFormat.FLAC, "a", length)))
                .isEqualByComparingTo("2.5");
        assertThat(SourceLength.seconds(files.make(AudioFormat.MP3, "a", length)))
                .isBetween(new BigDecimal("4"), new BigDecimal("4.2"));
        assertThat(SourceLength.seconds(files.make(AudioFormat.OGG, "a", length)))
                .isNull();
    }

    @Test
    void shouldKnowNoLengthWhenTheFileIsDamaged() {
        byte[] wav = files.make(AudioFormat.WAV, "a", BigDecimal.ONE);
        for (int length = 0; length < 60; length++) {
            assertThat(SourceLength.seconds(Arrays.copyOf(wav, length))).isNull();
        }
        byte[] lying = wav.clone();
        Arrays.fill(lying, 16, 20, (byte) 0xFF);
        assertThat(SourceLength.seconds(lying)).isNull();
    }
}
