package io.wavequeue.store.view;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.CRC32C;

/** The text of a cursor: its content and a checksum, opaque, and without need of escaping in a URL. */
final class CursorText {
    private CursorText() {}

    static String of(ByteBuffer content) {
        byte[] bytes = Arrays.copyOf(content.array(), content.capacity() + Integer.BYTES);
        ByteBuffer.wrap(bytes).putInt(content.capacity(), checksum(bytes, content.capacity()));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The content, ready to be read; empty for a text that {@link #of} did not make of so many bytes. */
    static Optional<ByteBuffer> content(String text, int contentBytes) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (bytes.length != contentBytes + Integer.BYTES) {
            return Optional.empty();
        }
        ByteBuffer content = ByteBuffer.wrap(bytes);
        return content.getInt(contentBytes) == checksum(bytes, contentBytes) ? Optional.of(content) : Optional.empty();
    }

    private static int checksum(byte[] bytes, int contentBytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, contentBytes);
        return (int) checksum.getValue();
    }
}
