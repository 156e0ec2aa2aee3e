package io.wavequeue.simulator.audio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes a PCM WAV file (8 kHz, mono, 16 bits) of an exact number of samples, with the name in an INFO comment. */
final class WavWriter {
    private static final int BYTES_PER_SAMPLE = 2;
    private static final int FORMAT_CHUNK = 8 + 16;

    private final byte[][] loops = new byte[Tune.VOICES][];

    WavWriter() {
        for (int voice = 0; voice < Tune.VOICES; voice++) {
            loops[voice] = littleEndian(Tune.loop(voice));
        }
    }

    byte[] write(int voice, long samples, String name) {
        byte[] comment = evenLength(name);
        int info = 8 + 4 + 8 + comment.length;
        int data = Math.toIntExact(samples * BYTES_PER_SAMPLE);
        int total = 12 + FORMAT_CHUNK + info + 8 + data;
        ByteBuffer out = ByteBuffer.allocate(total).order(ByteOrder.LITTLE_ENDIAN);
        tag(out, "RIFF").putInt(total - 8);
        tag(out, "WAVE");
        tag(out, "fmt ").putInt(16).putShort((short) 1).putShort((short) 1);
        out.putInt(Tune.SAMPLE_RATE).putInt(Tune.SAMPLE_RATE * BYTES_PER_SAMPLE);
        out.putShort((short) BYTES_PER_SAMPLE).putShort((short) 16);
        tag(out, "LIST").putInt(info - 8);
        tag(out, "INFO");
        tag(out, "ICMT").putInt(comment.length).put(comment);
        tag(out, "data").putInt(data);
        byte[] loop = loops[voice];
        while (out.hasRemaining()) {
            out.put(loop, 0, Math.min(loop.length, out.remaining()));
        }
        return out.array();
    }

    static byte[] littleEndian(short[] samples) {
        ByteBuffer bytes =
                ByteBuffer.allocate(samples.length * BYTES_PER_SAMPLE).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asShortBuffer().put(samples);
        return bytes.array();
    }

    private static byte[] evenLength(String name) {
        byte[] ended = (name + "\0").getBytes(StandardCharsets.US_ASCII);
        return ended.length % 2 == 0 ? ended : (name + "\0\0").getBytes(StandardCharsets.US_ASCII);
    }

    private static ByteBuffer tag(ByteBuffer out, String fourCharacters) {
        return out.put(fourCharacters.getBytes(StandardCharsets.US_ASCII));
    }
}
