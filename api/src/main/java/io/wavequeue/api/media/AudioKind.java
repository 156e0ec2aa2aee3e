package io.wavequeue.api.media;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/** Audio containers and streams, told by their first bytes: a file's name and announced type may be anything. */
enum AudioKind {
    WAV("audio/wav"),
    FLAC("audio/flac"),
    OGG("audio/ogg"),
    MP3("audio/mpeg"),
    AAC("audio/aac"),
    M4A("audio/mp4"),
    WEBM("audio/webm");

    /** How many bytes {@link #of} looks at. */
    static final int HEAD_BYTES = 64;

    private static final Set<String> MP4_BRANDS =
            Set.of("M4A ", "M4B ", "mp41", "mp42", "isom", "iso2", "iso4", "iso5", "iso6", "dash");

    private final String contentType;

    AudioKind(String contentType) {
        this.contentType = contentType;
    }

    String contentType() {
        return contentType;
    }

    /** Empty when the bytes begin nothing that the models take. */
    static Optional<AudioKind> of(byte[] head) {
        if ((is(head, 0, "RIFF") || is(head, 0, "RF64")) && is(head, 8, "WAVE")) {
            return Optional.of(WAV);
        }
        if (is(head, 0, "fLaC")) {
            return Optional.of(FLAC);
        }
        if (is(head, 0, "OggS")) {
            return Optional.of(OGG);
        }
        if (is(head, 4, "ftyp") && head.length >= 12 && MP4_BRANDS.contains(latin(head, 8, 4))) {
            return Optional.of(M4A);
        }
        if (starts(head, 0x1A, 0x45, 0xDF, 0xA3) && latin(head, 0, head.length).contains("webm")) {
            return Optional.of(WEBM);
        }
        return is(head, 0, "ID3") ? Optional.of(MP3) : ofFrame(head);
    }

    /** MPEG audio and ADTS share the sync word; the two layer bits tell them apart. */
    private static Optional<AudioKind> ofFrame(byte[] head) {
        if (head.length < 4 || (head[0] & 0xFF) != 0xFF) {
            return Optional.empty();
        }
        int second = head[1] & 0xFF;
        int third = head[2] & 0xFF;
        if ((second & 0xF6) == 0xF0) {
            boolean knownRate = ((third >> 2) & 0xF) <= 12;
            return knownRate ? Optional.of(AAC) : Optional.empty();
        }
        boolean sync = (second & 0xE0) == 0xE0;
        boolean knownVersion = (second & 0x18) != 0x08;
        boolean knownLayer = (second & 0x06) != 0;
        boolean knownRates = (third & 0xF0) != 0xF0 && (third & 0x0C) != 0x0C;
        return sync && knownVersion && knownLayer && knownRates ? Optional.of(MP3) : Optional.empty();
    }

    private static boolean is(byte[] head, int at, String text) {
        return head.length >= at + text.length()
                && latin(head, at, text.length()).equals(text);
    }

    private static boolean starts(byte[] head, int... bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (i >= head.length || (head[i] & 0xFF) != bytes[i]) {
                return false;
            }
        }
        return true;
    }

    private static String latin(byte[] head, int at, int length) {
        return new String(head, at, length, StandardCharsets.ISO_8859_1);
    }
}
