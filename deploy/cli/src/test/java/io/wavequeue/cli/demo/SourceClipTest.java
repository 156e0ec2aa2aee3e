package io.wavequeue.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.stream.DoubleStream;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SourceClipTest {

    @ParameterizedTest
    @EnumSource
    void shouldBeReadableWavWhenWritten(SourceClip clip) throws IOException, UnsupportedAudioFileException {
        byte[] wav = clip.wav();
        try (AudioInputStream audio = AudioSystem.getAudioInputStream(new ByteArrayInputStream(wav))) {
            assertThat(AudioSystem.getAudioFileFormat(new ByteArrayInputStream(wav))
                            .getType())
                    .isEqualTo(AudioFileFormat.Type.WAVE);
            assertThat(audio.getFormat().getSampleRate()).isEqualTo(22_050f);
            assertThat(audio.getFormat().getSampleSizeInBits()).isEqualTo(16);
            assertThat(audio.getFormat().getChannels()).isEqualTo(1);
            assertThat(audio.getFrameLength()).isEqualTo(clip.samples().length);
        }
        assertThat(AudioFormat.of(wav)).contains(AudioFormat.WAV);
    }

    @ParameterizedTest
    @EnumSource
    void shouldBeHeardWithoutClippingWhenPlayed(SourceClip clip) {
        double loudest = DoubleStream.of(clip.samples()).map(Math::abs).max().orElse(0);
        assertThat(loudest).isBetween(0.2, 1.0);
    }

    @ParameterizedTest
    @EnumSource
    void shouldBeTheSameBytesWhenMadeAgain(SourceClip clip) {
        byte[] first = clip.wav();
        assertThat(clip.wav()).isEqualTo(first);
    }

    @Test
    void shouldLastAFewSecondsWhenMade() {
        assertThat(SourceClip.WIND.samples()).hasSize(4 * Wav.SAMPLE_RATE);
        assertThat(SourceClip.HIT.samples()).hasSize(26_460);
        assertThat(SourceClip.THEME.samples()).hasSize(4 * Wav.SAMPLE_RATE);
    }
}
