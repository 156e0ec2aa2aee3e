package io.wavequeue.api.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClipLengthTest {
    @TempDir
    Path folder;

    private @Nullable String seconds(AudioKind kind, byte[] content) throws IOException {
        Path file = Files.write(folder.resolve("clip"), content);
        var seconds = ClipLength.seconds(kind, file);
        return seconds == null ? null : seconds.toPlainString();
    }

    @Test
    void shouldReadTheLengthOfAWav() throws IOException {
        assertThat(seconds(AudioKind.WAV, Clips.wav(44_100, 44_100 * 2 + 22_050)))
                .isEqualTo("2.500000");
    }

    @Test
    void shouldSkipOtherChunksOfOddSize() throws IOException {
        byte[] plain = Clips.wav(8_000, 8_000);
        ByteBuffer file = ByteBuffer.allocate(plain.length + 12).order(ByteOrder.LITTLE_ENDIAN);
        file.put(plain, 0, 36)
                .put(Clips.ascii("LIST"))
                .putInt(3)
                .put(new byte[4])
                .put(plain, 36, plain.length - 36);
        assertThat(seconds(AudioKind.WAV, file.array())).isEqualTo("1.000000");
    }

    @Test
    void shouldCountWhatIsThereWhenAStreamedWavDoesNotKnowItsLength() throws IOException {
        for (int told : new int[] {0, -1, Integer.MAX_VALUE}) {
            ByteBuffer file = ByteBuffer.allocate(44 + 16_000).order(ByteOrder.LITTLE_ENDIAN);
            Clips.wavHead(file, 8_000, told);
            assertThat(seconds(AudioKind.WAV, file.array())).isEqualTo("1.000000");
        }
    }

    @Test
    void shouldReadTheLengthOfAFlac() throws IOException {
        assertThat(seconds(AudioKind.FLAC, Clips.flac(48_000, 48_000L * 90 + 1)))
                .isEqualTo("90.000021");
        assertThat(seconds(AudioKind.FLAC, Clips.flac(48_000, 0))).isNull();
    }

    @Test
    void shouldSayNothingWhenTheHeaderMakesNoSense() throws IOException {
        assertThat(seconds(AudioKind.WAV, Clips.ascii("RIFF....WAVE"))).isNull();
        assertThat(seconds(AudioKind.WAV, Clips.wav(0, 100))).isNull();
        assertThat(seconds(AudioKind.FLAC, Clips.ascii("fLaC"))).isNull();
        assertThat(seconds(AudioKind.FLAC, Clips.flac(1, 0xF_FFFF_FFFFL))).isNull();
        assertThat(seconds(AudioKind.MP3, new byte[100])).isNull();
    }

    @Test
    void shouldNotFailWhenTheFileIsCutAnywhere() throws IOException {
        byte[] wav = Clips.wav(8_000, 40);
        byte[] flac = Clips.flac(8_000, 8_000);
        for (int length = 0; length < 64; length++) {
            seconds(AudioKind.WAV, Arrays.copyOf(wav, length));
            seconds(AudioKind.FLAC, Arrays.copyOf(flac, length));
        }
    }
}
