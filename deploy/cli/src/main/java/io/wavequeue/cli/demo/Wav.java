package io.wavequeue.cli.demo;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes samples as a WAV file: 16-bit PCM, mono, 22.05 kHz. */
final class Wav {

    static final int SAMPLE_RATE = 22_050;

    private static final int HEADER = 44;
    private static final int FMT_CHUNK = 16;
    private static final short PCM = 1;
    private static final short MONO = 1;
    private static final short BYTES_PER_SAMPLE = 2;

    private Wav() {}

    /** A whole file; samples beyond -1 to 1 are cut off. */
    static byte[] file(double[] samples) {
        int data = samples.length * BYTES_PER_SAMPLE;
        ByteBuffer wav = ByteBuffer.allocate(HEADER + data).order(ByteOrder.LITTLE_ENDIAN);
        wav.put(ascii("RIFF")).putInt(HEADER - 8 + data).put(ascii("WAVE"));
        wav.put(ascii("fmt ")).putInt(FMT_CHUNK).putShort(PCM).putShort(MONO);
        wav.putInt(SAMPLE_RATE).putInt(SAMPLE_RATE * BYTES_PER_SAMPLE);
        wav.putShort(BYTES_PER_SAMPLE).putShort((short) (BYTES_PER_SAMPLE * Byte.SIZE));
        wav.put(ascii("data")).putInt(data);
        for (double sample : samples) {
            wav.putShort((short) Math.round(Math.clamp(sample, -1.0, 1.0) * Short.MAX_VALUE));
        }
        return wav.array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
