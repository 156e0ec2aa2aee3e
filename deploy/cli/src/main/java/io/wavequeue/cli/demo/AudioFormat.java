package io.wavequeue.cli.demo;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The seven formats, each told by the first bytes of a file and never by its name; the first that matches is it. */
enum AudioFormat {
    WAV {
        @Override
        boolean matches(byte[] head) {
            return has(head, 0, "RIFF") && has(head, 8, "WAVE");
        }
    },
    FLAC {
        @Override
        boolean matches(byte[] head) {
            return has(head, 0, "fLaC");
        }
    },
    OPUS {
        @Override
        boolean matches(byte[] head) {
            return has(head, 0, "OggS") && has(head, FIRST_PACKET, "OpusHead");
        }
    },
    OGG {
        @Override
        boolean matches(byte[] head) {
            return has(head, 0, "OggS");
        }
    },
    M4A {
        @Override
        boolean matches(byte[] head) {
            return has(head, 4, "ftyp");
        }
    },
    AAC {
        @Override
        boolean matches(byte[] head) {
            // ADTS: twelve bits of sync, and a layer of 0
            return sync(head) && (head[1] & 0xF6) == 0xF0;
        }
    },
    MP3 {
        @Override
        boolean matches(byte[] head) {
            // eleven bits of sync and layer III; or a tag so long that what follows is not in sight
            return has(head, 0, ID3) || (sync(head) && (head[1] & 0xE6) == 0xE2);
        }
    };

    /** So many bytes from the start tell every format. */
    static final int HEAD = 4_096;

    private static final String ID3 = "ID3";
    private static final int ID3_HEADER = 10;

    // An Ogg page that starts a stream has one segment, so its header is 28 bytes.
    private static final int FIRST_PACKET = 28;

    abstract boolean matches(byte[] head);

    /** The format of {@code output_format}. */
    static AudioFormat named(String text) {
        return Arrays.stream(values())
                .filter(f -> f.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is no output_format"));
    }

    /** The format of a file that starts with these bytes. */
    static Optional<AudioFormat> of(byte[] start) {
        byte[] head = withoutTag(start);
        return Arrays.stream(values()).filter(f -> f.matches(head)).findFirst();
    }

    /** MP3 and AAC alike may begin with an ID3v2 tag, whose length is told in four groups of seven bits. */
    private static byte[] withoutTag(byte[] head) {
        if (!has(head, 0, ID3) || head.length < ID3_HEADER) {
            return head;
        }
        int length = ID3_HEADER + (head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]);
        return length > 0 && length < head.length ? Arrays.copyOfRange(head, length, head.length) : head;
    }

    /** True when a file of the {@code other} format is what was asked for: an Ogg file may hold Opus. */
    boolean accepts(AudioFormat other) {
        return this == other || (this == OGG && other == OPUS);
    }

    /** Its name in {@code output_format}. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static boolean sync(byte[] head) {
        return head.length > 1 && (head[0] & 0xFF) == 0xFF;
    }

    private static boolean has(byte[] head, int at, String magic) {
        byte[] bytes = magic.getBytes(StandardCharsets.ISO_8859_1);
        return head.length >= at + bytes.length && Arrays.equals(head, at, at + bytes.length, bytes, 0, bytes.length);
    }
}
