package io.wavequeue.api.media;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The length of a clip as its header tells it: WAV and FLAC. Of other kinds, and of headers that make no sense, null. */
final class ClipLength {
    private static final int SCALE = 6;
    private static final BigDecimal LONGEST = BigDecimal.valueOf(100_000);
    private static final int MOST_CHUNKS = 256;
    private static final int RIFF_HEAD = 12;
    private static final int CHUNK_HEAD = 8;
    private static final int STREAM_INFO_BYTES = 42;
    private static final long NOT_TOLD = 0xFFFF_FFFFL;

    private ClipLength() {}

    static @Nullable BigDecimal seconds(AudioKind kind, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            return switch (kind) {
                case WAV -> wav(channel);
                case FLAC -> flac(channel);
                case OGG, MP3, AAC, M4A, WEBM -> null;
            };
        }
    }

    /** Walks the chunks to {@code fmt } and {@code data}. Streamed files do not know their length: what is there counts. */
    private static @Nullable BigDecimal wav(FileChannel channel) throws IOException {
        long at = RIFF_HEAD;
        long bytesPerSecond = 0;
        for (int chunk = 0; chunk < MOST_CHUNKS && at + CHUNK_HEAD <= channel.size(); chunk++) {
            ByteBuffer head = read(channel, at, CHUNK_HEAD);
            String name = name(head);
            long size = head.getInt() & NOT_TOLD;
            if (name.equals("fmt ")) {
                bytesPerSecond = read(channel, at + CHUNK_HEAD + 8, 4).getInt() & NOT_TOLD;
            } else if (name.equals("data")) {
                long there = channel.size() - at - CHUNK_HEAD;
                return quotient(size == 0 || size > there ? there : size, bytesPerSecond);
            }
            at += CHUNK_HEAD + size + (size & 1);
        }
        return null;
    }

    /** STREAMINFO: 20 bits of sample rate and 36 bits of samples, from byte 18 of the file on. */
    private static @Nullable BigDecimal flac(FileChannel channel) throws IOException {
        if (channel.size() < STREAM_INFO_BYTES) {
            return null;
        }
        long bits = read(channel, 18, Long.BYTES).order(ByteOrder.BIG_ENDIAN).getLong();
        return quotient(bits & 0xF_FFFF_FFFFL, bits >>> 44);
    }

    private static @Nullable BigDecimal quotient(long amount, long perSecond) {
        if (amount <= 0 || perSecond <= 0) {
            return null;
        }
        BigDecimal seconds =
                BigDecimal.valueOf(amount).divide(BigDecimal.valueOf(perSecond), SCALE, RoundingMode.HALF_UP);
        return seconds.compareTo(LONGEST) < 0 ? seconds : null;
    }

    private static ByteBuffer read(FileChannel channel, long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) >= 0) {
            // until it is full or the file ends; what is missing stays 0
        }
        return bytes.rewind();
    }

    private static String name(ByteBuffer head) {
        byte[] name = new byte[4];
        head.get(name);
        return new String(name, StandardCharsets.ISO_8859_1);
    }
}
