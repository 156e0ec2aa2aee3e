package io.wavequeue.simulator.audio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** Reads WAV and FLAC files back, independently of the writers: every sample, every checksum. Mono, 16 bits. */
public final class AudioParser {
    private final byte[] file;
    private int bit;

    private AudioParser(byte[] file) {
        this.file = file;
    }

    /** A decoded clip. */
    @SuppressWarnings("ArrayRecordComponent") // equals and hashCode look into it
    public record Clip(int sampleRate, short[] samples) {
        public double seconds() {
            return (double) samples.length / sampleRate;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Clip clip && sampleRate == clip.sampleRate && Arrays.equals(samples, clip.samples);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(samples);
        }
    }

    public static Clip wav(byte[] file) {
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        require(text(file, 0).equals("RIFF") && text(file, 8).equals("WAVE"), "RIFF WAVE header");
        require(in.getInt(4) == file.length - 8, "RIFF size");
        int rate = 0;
        for (int at = 12; at < file.length; at += 8 + in.getInt(at + 4) + in.getInt(at + 4) % 2) {
            if (text(file, at).equals("fmt ")) {
                require(in.getShort(at + 8) == 1 && in.getShort(at + 10) == 1 && in.getShort(at + 22) == 16, "PCM");
                rate = in.getInt(at + 12);
            } else if (text(file, at).equals("data")) {
                require(at + 8 + in.getInt(at + 4) == file.length, "data size");
                short[] samples = new short[in.getInt(at + 4) / 2];
                in.position(at + 8)
                        .slice()
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .asShortBuffer()
                        .get(samples);
                return new Clip(rate, samples);
            }
        }
        throw new AssertionError("no data chunk");
    }

    public static Clip flac(byte[] file) {
        require(text(file, 0).equals("fLaC"), "FLAC marker");
        ByteBuffer in = ByteBuffer.wrap(file);
        long packed = in.getLong(18);
        int rate = (int) (packed >>> 44);
        short[] samples = new short[(int) (packed & 0xF_FFFF_FFFFL)];
        int at = 4;
        boolean last = false;
        while (!last) {
            last = file[at] < 0;
            at += 4 + (in.getInt(at) & 0xFF_FFFF);
        }
        AudioParser parser = new AudioParser(file);
        int done = 0;
        for (int number = 0; at < file.length; number++) {
            parser.bit = at * 8;
            done += parser.frame(number, samples, done);
            at = parser.bit / 8;
        }
        require(done == samples.length, "number of samples: " + done + " of " + samples.length);
        require(Arrays.equals(md5(samples), Arrays.copyOfRange(file, 26, 42)), "MD5");
        return new Clip(rate, samples);
    }

    private int frame(int number, short[] samples, int from) {
        int start = bit / 8;
        require(read(32) == 0xFFF87408, "frame header");
        require(utf8() == number, "frame number");
        int length = read(16) + 1;
        require(crc(8, 0x07, start, bit / 8) == read(8), "header checksum");
        int type = read(8);
        if (type == 0b00000010) {
            for (int i = 0; i < length; i++) {
                samples[from + i] = (short) read(16);
            }
        } else {
            require(type == 0b00010100, "fixed second-order subframe");
            predicted(samples, from, length);
        }
        bit = (bit + 7) / 8 * 8;
        require(crc(16, 0x8005, start, bit / 8) == read(16), "frame checksum");
        return length;
    }

    private void predicted(short[] samples, int from, int length) {
        samples[from] = (short) read(16);
        samples[from + 1] = (short) read(16);
        require(read(6) == 0, "one Rice partition");
        int rice = read(4);
        for (int i = from + 2; i < from + length; i++) {
            int quotient = 0;
            while (read(1) == 0) {
                quotient++;
            }
            int folded = quotient << rice | read(rice);
            int residual = folded >>> 1 ^ -(folded & 1);
            samples[i] = (short) (residual + 2 * samples[i - 1] - samples[i - 2]);
        }
    }

    private int utf8() {
        int first = read(8);
        int more = first < 0x80 ? 0 : first < 0xE0 ? 1 : 2;
        int value = more == 0 ? first : first & (0x3F >> more);
        for (int i = 0; i < more; i++) {
            value = value << 6 | (read(8) & 0x3F);
        }
        return value;
    }

    private int read(int width) {
        int value = 0;
        for (int i = 0; i < width; i++, bit++) {
            value = value << 1 | (file[bit / 8] >> (7 - bit % 8) & 1);
        }
        return value;
    }

    /** Bit by bit, unlike the writer's tables. */
    private int crc(int width, int polynomial, int from, int to) {
        int crc = 0;
        for (int i = from * 8; i < to * 8; i++) {
            int next = file[i / 8] >> (7 - i % 8) & 1;
            boolean high = (crc >> (width - 1) & 1) != next;
            crc = (crc << 1 ^ (high ? polynomial : 0)) & ((1 << width) - 1);
        }
        return crc;
    }

    private static byte[] md5(short[] samples) {
        ByteBuffer bytes = ByteBuffer.allocate(samples.length * 2).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asShortBuffer().put(samples);
        try {
            return MessageDigest.getInstance("MD5").digest(bytes.array());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static String text(byte[] file, int at) {
        return new String(file, at, 4, StandardCharsets.US_ASCII);
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError("wrong " + what);
        }
    }
}
