package io.wavequeue.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AudioFormatTest {

    private static final String OGG_PAGE = "OggS" + "\0".repeat(24);

    @ParameterizedTest
    @CsvSource({
        "WAV, RIFF....WAVEfmt ",
        "FLAC, fLaC....",
        "MP3, ID3....",
        "M4A, ....ftypM4A ",
    })
    void shouldTellFormatWhenHeadIsText(AudioFormat format, String head) {
        assertThat(AudioFormat.of(bytes(head))).contains(format);
    }

    @Test
    void shouldTellOpusFromVorbisWhenBothAreOgg() {
        assertThat(AudioFormat.of(bytes(OGG_PAGE + "OpusHead\1"))).contains(AudioFormat.OPUS);
        assertThat(AudioFormat.of(bytes(OGG_PAGE + "\1vorbis"))).contains(AudioFormat.OGG);
        assertThat(AudioFormat.of(bytes(OGG_PAGE + "fishead\0"))).contains(AudioFormat.OGG);
        assertThat(AudioFormat.OGG.accepts(AudioFormat.OPUS)).isTrue();
        assertThat(AudioFormat.OPUS.accepts(AudioFormat.OGG)).isFalse();
    }

    @Test
    void shouldTellAacFromMp3WhenBothStartWithSync() {
        for (int second : new int[] {0xF0, 0xF1, 0xF8, 0xF9}) {
            assertThat(AudioFormat.of(new byte[] {(byte) 0xFF, (byte) second})).contains(AudioFormat.AAC);
        }
        for (int second : new int[] {0xFB, 0xFA, 0xF3, 0xF2, 0xE3}) {
            assertThat(AudioFormat.of(new byte[] {(byte) 0xFF, (byte) second})).contains(AudioFormat.MP3);
        }
    }

    @Test
    void shouldLookBehindATagWhenThereIsOne() {
        String tag = "ID3\4\0\0\0\0\1\2" + ".".repeat(130);

        assertThat(AudioFormat.of(bytes(tag + "\u00FF\u00F1"))).contains(AudioFormat.AAC);
        assertThat(AudioFormat.of(bytes(tag + "\u00FF\u00FB"))).contains(AudioFormat.MP3);
        assertThat(AudioFormat.of(bytes(tag))).contains(AudioFormat.MP3);
    }

    @Test
    void shouldTellNothingWhenFileIsShortOrOther() {
        assertThat(AudioFormat.of(new byte[0])).isEmpty();
        assertThat(AudioFormat.of(new byte[] {(byte) 0xFF})).isEmpty();
        assertThat(AudioFormat.of(bytes("RIFF....AVI "))).isEmpty();
        assertThat(AudioFormat.of(bytes("<html>"))).isEmpty();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
