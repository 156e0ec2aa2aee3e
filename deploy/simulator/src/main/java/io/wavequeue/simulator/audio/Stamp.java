package io.wavequeue.simulator.audio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Marks a fixture with a name in the way that its container allows, so that every output has bytes of its own. */
final class Stamp {
    private Stamp() {}

    static byte[] mark(AudioFormat format, byte[] fixture, String name) {
        return switch (format) {
            case MP3, AAC -> withId3(fixture, name);
            case M4A -> withFreeBox(fixture, name);
            case OGG, OPUS -> withSerial(fixture, name.hashCode());
            case WAV, FLAC -> throw new IllegalArgumentException(format + " is written, not stamped");
        };
    }

    private static byte[] withId3(byte[] audio, String name) {
        byte[] text = ("\3prediction\0" + name).getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer out = ByteBuffer.allocate(10 + 10 + text.length + audio.length);
        out.put("ID3".getBytes(StandardCharsets.US_ASCII)).put((byte) 4).putShort((short) 0);
        out.putInt(sevenBits(10 + text.length));
        out.put("TXXX".getBytes(StandardCharsets.US_ASCII)).putInt(sevenBits(text.length));
        out.putShort((short) 0).put(text).put(audio);
        return out.array();
    }

    private static int sevenBits(int size) {
        return (size & 0x3F80) << 1 | (size & 0x7F);
    }

    private static byte[] withFreeBox(byte[] audio, String name) {
        byte[] text = name.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer out = ByteBuffer.allocate(audio.length + 8 + text.length);
        out.put(audio).putInt(8 + text.length);
        out.put("free".getBytes(StandardCharsets.US_ASCII)).put(text);
        return out.array();
    }

    /** Every Ogg page gets another stream number, and with it another checksum. */
    private static byte[] withSerial(byte[] audio, int serial) {
        byte[] out = audio.clone();
        ByteBuffer pages = ByteBuffer.wrap(out).order(ByteOrder.LITTLE_ENDIAN);
        int at = 0;
        while (at < out.length) {
            int end = pageEnd(out, at);
            pages.putInt(at + 14, serial).putInt(at + 22, 0);
            pages.putInt(at + 22, (int) Crc.OGG_PAGE.of(out, at, end));
            at = end;
        }
        return out;
    }

    private static int pageEnd(byte[] pages, int at) {
        int segments = pages[at + 26] & 0xFF;
        int end = at + 27 + segments;
        for (int i = 0; i < segments; i++) {
            end += pages[at + 27 + i] & 0xFF;
        }
        return end;
    }
}
