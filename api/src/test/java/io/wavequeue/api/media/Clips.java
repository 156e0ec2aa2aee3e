package io.wavequeue.api.media;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Small files for tests. */
public final class Clips {
    private Clips() {}

    /** 16 bit mono PCM of silence. */
    public static byte[] wav(int sampleRate, int samples) {
        ByteBuffer file = ByteBuffer.allocate(44 + samples * 2).order(ByteOrder.LITTLE_ENDIAN);
        wavHead(file, sampleRate, samples * 2);
        return file.array();
    }

    static void wavHead(ByteBuffer file, int sampleRate, int dataBytes) {
        file.put(ascii("RIFF")).putInt(36 + dataBytes).put(ascii("WAVE"));
        file.put(ascii("fmt ")).putInt(16).putShort((short) 1).putShort((short) 1);
        file.putInt(sampleRate).putInt(sampleRate * 2).putShort((short) 2).putShort((short) 16);
        file.put(ascii("data")).putInt(dataBytes);
    }

    /** Only the head of a FLAC file. */
    public static byte[] flac(int sampleRate, long samples) {
        ByteBuffer file = ByteBuffer.allocate(64);
        file.put(ascii("fLaC")).putInt(0x80_00_00_22).putShort((short) 4096).putShort((short) 4096);
        file.put(new byte[6]).putLong(((long) sampleRate << 44) | (15L << 36) | samples);
        return file.array();
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
