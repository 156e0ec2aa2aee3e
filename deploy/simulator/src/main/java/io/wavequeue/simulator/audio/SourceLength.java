package io.wavequeue.simulator.audio;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads how long an uploaded clip is: WAV, FLAC and MP3. Of any other file the length stays unknown. */
public final class SourceLength {
    private static final int[] MPEG1_KBPS = {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0};
    private static final int[] MPEG2_KBPS = {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0};
    private static final int[] MPEG1_RATES = {44_100, 48_000, 32_000, 0};

    private SourceLength() {}

    public static @Nullable BigDecimal seconds(byte[] file) {
        if (startsWith(file, 0, "RIFF") && startsWith(file, 8, "WAVE")) {
            return wav(file);
        }
        if (startsWith(file, 0, "fLaC") && file.length >= 42) {
            long packed = ByteBuffer.wrap(file).getLong(18);
            return ratio(packed & 0xF_FFFF_FFFFL, packed >>> 44);
        }
        return mp3(file);
    }

    private static @Nullable BigDecimal wav(byte[] bytes) {
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long bytesPerSecond = 0;
        int at = 12;
        while (at <= file.limit() - 8) {
            long size = Integer.toUnsignedLong(file.getInt(at + 4));
            if (startsWith(bytes, at, "fmt ") && at <= file.limit() - 20) {
                bytesPerSecond = Integer.toUnsignedLong(file.getInt(at + 16));
            } else if (startsWith(bytes, at, "data")) {
                return ratio(Math.min(size, file.limit() - at - 8L), bytesPerSecond);
            }
            at = (int) Math.min(Integer.MAX_VALUE, at + 8 + size + size % 2);
        }
        return null;
    }

    private static @Nullable BigDecimal mp3(byte[] file) {
        int at = startsWith(file, 0, "ID3") && file.length > 10 ? 10 + tagSize(file) : 0;
        long samples = 0;
        int rate = 0;
        while (at + 4 <= file.length && (file[at] & 0xFF) == 0xFF && (file[at + 1] & 0xE6) == 0xE2) {
            int version = file[at + 1] >> 3 & 3;
            int divisor = version == 3 ? 1 : version == 2 ? 2 : 4;
            int kbps = (version == 3 ? MPEG1_KBPS : MPEG2_KBPS)[file[at + 2] >> 4 & 0xF];
            rate = MPEG1_RATES[file[at + 2] >> 2 & 3] / divisor;
            if (kbps == 0 || rate == 0 || version == 1) {
                break;
            }
            int perFrame = version == 3 ? 1_152 : 576;
            samples += perFrame;
            at += perFrame / 8 * kbps * 1_000 / rate + (file[at + 2] >> 1 & 1);
        }
        return samples == 0 ? null : ratio(samples, rate);
    }

    private static int tagSize(byte[] file) {
        return (file[6] & 0x7F) << 21 | (file[7] & 0x7F) << 14 | (file[8] & 0x7F) << 7 | (file[9] & 0x7F);
    }

    private static @Nullable BigDecimal ratio(long count, long perSecond) {
        return perSecond <= 0 || count <= 0
                ? null
                : BigDecimal.valueOf(count).divide(BigDecimal.valueOf(perSecond), 6, RoundingMode.HALF_UP);
    }

    private static boolean startsWith(byte[] file, int at, String text) {
        byte[] wanted = text.getBytes(StandardCharsets.US_ASCII);
        if (at < 0 || at + wanted.length > file.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (file[at + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }
}
