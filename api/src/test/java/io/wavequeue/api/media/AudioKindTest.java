package io.wavequeue.api.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AudioKindTest {
    @ParameterizedTest
    @CsvSource({
        "52494646 24000000 57415645, WAV",
        "52463634 ffffffff 57415645, WAV",
        "664c6143 80000022, FLAC",
        "4f676753 0002, OGG",
        "49443304 00000000, MP3",
        "fffb9064, MP3",
        "fff388c4, MP3",
        "ffe318c4, MP3",
        "fff15080, AAC",
        "fff94c80, AAC",
        "0000001c 66747970 4d344120 00000000, M4A",
        "00000018 66747970 6d703432 00000000, M4A",
        "1a45dfa3 9f428681 01428282 84 7765626d, WEBM"
    })
    void shouldTellTheKindByTheFirstBytes(String head, AudioKind kind) {
        assertThat(AudioKind.of(bytes(head))).contains(kind);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ff",
                "ffff ffff",
                "ffd8 ffe0",
                "52494646 24000000 41564920",
                "52494646",
                "00000018 66747970 61766966",
                "00000018 66747970 71742020",
                "1a45dfa3 9f428681 01428288 6d6174726f736b61",
                "89504e47 0d0a1a0a",
                "25504446 2d312e37",
                "3c68746d 6c3e",
                "4d5a9000",
                "7b22613a 7d",
                "00000000 00000000"
            })
    void shouldTellNothingWhenItIsNotAudio(String head) {
        assertThat(AudioKind.of(bytes(head))).isEmpty();
    }

    @Test
    void shouldNotFailWhateverTheBytesAre() {
        byte[] head = new byte[4];
        for (int i = 0; i < 65_536; i++) {
            head[0] = (byte) 0xff;
            head[1] = (byte) (i >> 8);
            head[2] = (byte) i;
            assertThat(AudioKind.of(head)).isNotNull();
        }
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
