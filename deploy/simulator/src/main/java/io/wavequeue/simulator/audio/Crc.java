package io.wavequeue.simulator.audio;

/** The table-driven checksums (not reflected, start 0) of FLAC frames and Ogg pages. */
final class Crc {
    static final Crc FLAC_HEADER = new Crc(8, 0x07);
    static final Crc FLAC_FRAME = new Crc(16, 0x8005);
    static final Crc OGG_PAGE = new Crc(32, 0x04C11DB7);

    private final int shift;
    private final long mask;
    private final long[] table = new long[256];

    private Crc(int width, long polynomial) {
        this.shift = width - 8;
        this.mask = (1L << width) - 1;
        for (int i = 0; i < 256; i++) {
            long value = (long) i << shift;
            for (int bit = 0; bit < 8; bit++) {
                boolean high = (value >> (width - 1) & 1) == 1;
                value = (high ? value << 1 ^ polynomial : value << 1) & mask;
            }
            table[i] = value;
        }
    }

    long of(byte[] bytes, int from, int to) {
        long crc = 0;
        for (int i = from; i < to; i++) {
            crc = (crc << 8 ^ table[(int) (crc >> shift ^ bytes[i]) & 0xFF]) & mask;
        }
        return crc;
    }
}
