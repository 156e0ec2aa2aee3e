package io.wavequeue.worker.audio;

import io.wavequeue.simulator.audio.AudioFiles;
import io.wavequeue.simulator.audio.AudioFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes files to look at. */
final class Clips {
    static final int RATE = 8_000;

    private static final AudioFiles SIMULATED = new AudioFiles();

    private Clips() {}

    /** How a WAV file holds its samples. */
    enum Samples {
        BYTES(8),
        SHORTS(16),
        PACKED(24),
        INTS(32),
        FLOATS(32);

        private final int bits;

        Samples(int bits) {
            this.bits = bits;
        }

        private int bytes() {
            return bits / Byte.SIZE;
        }

        private void put(ByteBuffer wav, double sample) {
            double whole = Math.clamp(sample, -1, 1);
            switch (this) {
                case BYTES -> wav.put((byte) (Math.round(whole * 127) + 128));
                case SHORTS -> wav.putShort((short) Math.round(whole * Short.MAX_VALUE));
                case PACKED -> {
                    int value = (int) Math.round(whole * 0x7F_FFFF);
                    wav.put((byte) value).put((byte) (value >> 8)).put((byte) (value >> 16));
                }
                case INTS -> wav.putInt((int) Math.round(whole * Integer.MAX_VALUE));
                case FLOATS -> wav.putFloat((float) sample);
            }
        }
    }

    /** A sine of that height, half a second, in so many channels. */
    static byte[] sine(Samples form, int channels, double height) {
        double[] samples = new double[RATE / 2 * channels];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = height * Math.sin(2 * Math.PI * 440 * (i / channels) / RATE);
        }
        return wav(form, channels, samples);
    }

    static byte[] wav(Samples form, int channels, double... samples) {
        int data = samples.length * form.bytes();
        ByteBuffer wav = ByteBuffer.allocate(44 + data).order(ByteOrder.LITTLE_ENDIAN);
        tag(wav, "RIFF").putInt(36 + data);
        tag(wav, "WAVE");
        tag(wav, "fmt ").putInt(16).putShort((short) (form == Samples.FLOATS ? 3 : 1));
        wav.putShort((short) channels).putInt(RATE).putInt(RATE * channels * form.bytes());
        wav.putShort((short) (channels * form.bytes())).putShort((short) form.bits);
        tag(wav, "data").putInt(data);
        for (double sample : samples) {
            form.put(wav, sample);
        }
        return wav.array();
    }

    /** As the simulator serves it: WAV and FLAC are as long as asked, all others last 4 s. */
    static byte[] simulated(AudioFormat format, String seconds) {
        return SIMULATED.make(format, "0123456789abcdef0123456789abcdef", new BigDecimal(seconds));
    }

    static Path file(Path folder, String name, byte[] bytes) {
        try {
            return Files.write(folder.resolve(name), bytes);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static ByteBuffer tag(ByteBuffer wav, String name) {
        return wav.put(name.getBytes(StandardCharsets.US_ASCII));
    }
}
