package io.wavequeue.worker.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The formats that models give, told by a file's first bytes and never by its name. */
public enum AudioKind {
    WAV,
    FLAC,
    MP3,
    OGG,
    OPUS,
    M4A,
    AAC;

    private static final int HEAD_BYTES = 64;
    private static final String TAG = "ID3";
    static final int TAG_HEADER = 10;

    /** An Ogg page that begins a stream has one segment, so its header has 28 bytes. */
    private static final int FIRST_PACKET = 28;

    /** As {@code output_format} calls it. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it is one of these that is asked for. */
    static boolean isKnown(@Nullable String code) {
        return Stream.of(values()).anyMatch(kind -> kind.code().equals(code));
    }

    /** Empty when the file begins like none of them. */
    static Optional<AudioKind> of(Path path) throws IOException {
        try (FileChannel file = FileChannel.open(path)) {
            byte[] head = read(file, 0);
            int tag = tagBytes(head);
            return tag == 0 ? of(head) : Optional.of(of(read(file, tag)).orElse(MP3));
        }
    }

    /** MP3 and AAC alike may begin with a tag, whose length is told in four groups of seven bits; 0 = they do not. */
    static int tagBytes(byte[] head) {
        if (!has(head, 0, TAG) || head.length < TAG_HEADER) {
            return 0;
        }
        int length = 0;
        for (int i = TAG_HEADER - 4; i < TAG_HEADER; i++) {
            length = length << 7 | (head[i] & 0x7F);
        }
        return TAG_HEADER + length;
    }

    private static Optional<AudioKind> of(byte[] head) {
        if (has(head, 0, "RIFF") && has(head, 8, "WAVE")) {
            return Optional.of(WAV);
        }
        if (has(head, 0, "fLaC")) {
            return Optional.of(FLAC);
        }
        if (has(head, 0, "OggS")) {
            return Optional.of(has(head, FIRST_PACKET, "OpusHead") ? OPUS : OGG);
        }
        return has(head, 4, "ftyp") ? Optional.of(M4A) : ofFrame(head);
    }

    /** MPEG audio and ADTS share the sync word; the two layer bits tell them apart. */
    private static Optional<AudioKind> ofFrame(byte[] head) {
        if (head.length < 4 || (head[0] & 0xFF) != 0xFF || (head[1] & 0xE0) != 0xE0) {
            return Optional.empty();
        }
        if ((head[1] & 0xF6) == 0xF0) {
            return Optional.of(AAC);
        }
        boolean knownVersion = (head[1] & 0x18) != 0x08;
        boolean layerThree = (head[1] & 0x06) == 0x02;
        boolean knownRates = (head[2] & 0xF0) != 0xF0 && (head[2] & 0x0C) != 0x0C;
        return knownVersion && layerThree && knownRates ? Optional.of(MP3) : Optional.empty();
    }

    private static byte[] read(FileChannel file, long position) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
        int read = file.read(head, position);
        byte[] bytes = new byte[Math.max(0, read)];
        head.flip().get(bytes);
        return bytes;
    }

    private static boolean has(byte[] head, int at, String text) {
        return head.length >= at + text.length()
                && new String(head, at, text.length(), StandardCharsets.ISO_8859_1).equals(text);
    }
}
