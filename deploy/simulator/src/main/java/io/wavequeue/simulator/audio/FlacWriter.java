package io.wavequeue.simulator.audio;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Writes a FLAC file (8 kHz, mono, 16 bits) of an exact number of samples: STREAMINFO with the MD5 of the samples, a
 * Vorbis comment with the name, frames of 4,000 samples with a fixed second-order predictor and Rice-coded residuals.
 * The tune repeats every four frames, so each frame's content is coded once and only its number and checksums differ.
 */
final class FlacWriter {
    private static final int BLOCK = 4_000;
    private static final int BLOCKS_PER_LOOP = Tune.LENGTH / BLOCK;
    private static final int ORDER = 2;
    private static final int MAX_RICE = 14;

    private final short[][] loops = new short[Tune.VOICES][];
    private final byte[][][] coded = new byte[Tune.VOICES][BLOCKS_PER_LOOP][];

    FlacWriter() {
        for (int voice = 0; voice < Tune.VOICES; voice++) {
            loops[voice] = Tune.loop(voice);
            for (int block = 0; block < BLOCKS_PER_LOOP; block++) {
                coded[voice][block] = subframe(loops[voice], block * BLOCK, BLOCK);
            }
        }
    }

    byte[] write(int voice, long samples, String name) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes("fLaC".getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(streamInfo(voice, samples));
        out.writeBytes(comment(name));
        for (long first = 0; first < samples; first += BLOCK) {
            int number = (int) (first / BLOCK);
            int length = (int) Math.min(BLOCK, samples - first);
            int inLoop = number % BLOCKS_PER_LOOP;
            byte[] content = length == BLOCK ? coded[voice][inLoop] : subframe(loops[voice], inLoop * BLOCK, length);
            out.writeBytes(frame(number, length, content));
        }
        return out.toByteArray();
    }

    private byte[] streamInfo(int voice, long samples) {
        ByteBuffer info = ByteBuffer.allocate(4 + 34);
        info.putInt(34);
        info.putShort((short) BLOCK).putShort((short) BLOCK);
        info.put(new byte[6]);
        info.putLong((long) Tune.SAMPLE_RATE << 44 | (16L - 1) << 36 | samples);
        info.put(md5(voice, samples));
        return info.array();
    }

    private static byte[] comment(String name) {
        byte[] vendor = "wavequeue simulator".getBytes(StandardCharsets.UTF_8);
        byte[] text = ("PREDICTION=" + name).getBytes(StandardCharsets.UTF_8);
        int length = 4 + vendor.length + 4 + 4 + text.length;
        ByteBuffer block = ByteBuffer.allocate(4 + length);
        block.putInt(0x84 << 24 | length).order(ByteOrder.LITTLE_ENDIAN);
        block.putInt(vendor.length).put(vendor).putInt(1).putInt(text.length).put(text);
        return block.array();
    }

    private byte[] md5(int voice, long samples) {
        try {
            MessageDigest digest = MessageDigest.getInstance("MD5");
            byte[] loop = WavWriter.littleEndian(loops[voice]);
            long left = samples * 2;
            while (left > 0) {
                int part = (int) Math.min(loop.length, left);
                digest.update(loop, 0, part);
                left -= part;
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }

    private static byte[] frame(int number, int length, byte[] content) {
        byte[] head = new byte[13];
        ByteBuffer header = ByteBuffer.wrap(head);
        // fixed block size; block size in 16 bits at the header's end, 8 kHz; mono, 16 bits
        header.put((byte) 0xFF).put((byte) 0xF8).put((byte) 0x74).put((byte) 0x08);
        putUtf8(header, number);
        header.putShort((short) (length - 1));
        header.put((byte) Crc.FLAC_HEADER.of(head, 0, header.position()));
        byte[] frame = Arrays.copyOf(head, header.position() + content.length + 2);
        System.arraycopy(content, 0, frame, header.position(), content.length);
        int crc = (int) Crc.FLAC_FRAME.of(frame, 0, frame.length - 2);
        frame[frame.length - 2] = (byte) (crc >> 8);
        frame[frame.length - 1] = (byte) crc;
        return frame;
    }

    /** UTF-8's coding of the frame number; three bytes reach nine hours of audio. */
    private static void putUtf8(ByteBuffer out, int number) {
        if (number < 0x80) {
            out.put((byte) number);
        } else if (number < 0x800) {
            out.put((byte) (0xC0 | number >> 6)).put((byte) (0x80 | (number & 0x3F)));
        } else {
            out.put((byte) (0xE0 | number >> 12));
            out.put((byte) (0x80 | (number >> 6 & 0x3F))).put((byte) (0x80 | (number & 0x3F)));
        }
    }

    private static byte[] subframe(short[] samples, int from, int length) {
        BitWriter out = new BitWriter();
        if (length <= ORDER) {
            out.bits(0b0_000001_0, 8);
            for (int i = 0; i < length; i++) {
                out.bits(samples[from + i], 16);
            }
            return out.aligned();
        }
        out.bits(0b0_001000_0 | ORDER << 1, 8);
        out.bits(samples[from], 16);
        out.bits(samples[from + 1], 16);
        int[] residuals = residuals(samples, from, length);
        int rice = bestRice(residuals);
        out.bits(0, 6);
        out.bits(rice, 4);
        for (int folded : residuals) {
            out.unary(folded >>> rice);
            out.bits(folded, rice);
        }
        return out.aligned();
    }

    private static int[] residuals(short[] samples, int from, int length) {
        int[] folded = new int[length - ORDER];
        for (int i = ORDER; i < length; i++) {
            int at = from + i;
            int residual = samples[at] - 2 * samples[at - 1] + samples[at - 2];
            folded[i - ORDER] = residual << 1 ^ residual >> 31;
        }
        return folded;
    }

    private static int bestRice(int[] folded) {
        int best = 0;
        long fewest = Long.MAX_VALUE;
        for (int rice = 0; rice <= MAX_RICE; rice++) {
            long bits = 0;
            for (int value : folded) {
                bits += (value >>> rice) + 1 + rice;
            }
            if (bits < fewest) {
                fewest = bits;
                best = rice;
            }
        }
        return best;
    }
}
