package io.wavequeue.simulator.audio;

import java.io.ByteArrayOutputStream;

/** Collects bits, most significant first, into bytes. */
final class BitWriter {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(4_096);
    private long pending;
    private int count;

    void bits(int value, int width) {
        pending = (pending << width) | (value & ((1L << width) - 1));
        count += width;
        while (count >= 8) {
            count -= 8;
            bytes.write((int) (pending >> count));
        }
    }

    void unary(int zeros) {
        int left = zeros;
        while (left > 24) {
            bits(0, 24);
            left -= 24;
        }
        bits(1, left + 1);
    }

    /** Fills the last byte with zero bits. */
    byte[] aligned() {
        if (count > 0) {
            bits(0, 8 - count);
        }
        return bytes.toByteArray();
    }
}
