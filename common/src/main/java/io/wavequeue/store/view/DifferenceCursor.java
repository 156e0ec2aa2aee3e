package io.wavequeue.store.view;

import java.nio.ByteBuffer;
import java.util.Optional;

/** The place after a difference in their list: open ones first, each newest first. Names a row, not a number of rows. */
public record DifferenceCursor(boolean open, long id) {
    private static final int CONTENT_BYTES = 1 + Long.BYTES;

    /** An opaque text that needs no escaping in a URL. */
    public String text() {
        return CursorText.of(
                ByteBuffer.allocate(CONTENT_BYTES).put((byte) (open ? 1 : 0)).putLong(id));
    }

    /** Empty for a text that {@link #text()} did not make. */
    public static Optional<DifferenceCursor> parse(String text) {
        return CursorText.content(text, CONTENT_BYTES)
                .map(content -> new DifferenceCursor(content.get() == 1, content.getLong()));
    }
}
