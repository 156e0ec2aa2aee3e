package io.wavequeue.store.view;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.CRC32C;

/** The place after a difference in their list: open ones first, each newest first. Names a row, not a number of rows. */
public record DifferenceCursor(boolean open, long id) {
    private static final int CONTENT_BYTES = 1 + Long.BYTES;

    /** An opaque text that needs no escaping in a URL. */
    public String text() {
        ByteBuffer bytes = ByteBuffer.allocate(CONTENT_BYTES + Integer.BYTES)
                .put((byte) (open ? 1 : 0))
                .putLong(id);
        bytes.putInt(checksum(bytes.array()));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /** Empty for a text that {@link #text()} did not make. */
    public static Optional<DifferenceCursor> parse(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (bytes.length != CONTENT_BYTES + Integer.BYTES) {
            return Optional.empty();
        }
        ByteBuffer content = ByteBuffer.wrap(bytes);
        DifferenceCursor cursor = new DifferenceCursor(content.get() == 1, content.getLong());
        return content.getInt() == checksum(bytes) ? Optional.of(cursor) : Optional.empty();
    }

    private static int checksum(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(Arrays.copyOf(bytes, CONTENT_BYTES));
        return (int) checksum.getValue();
    }
}
