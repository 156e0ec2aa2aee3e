package io.wavequeue.store.view;

import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;

/**
 * The place after a job, or a batch, in the list of the newest: the next page starts with what is older. Survives new jobs, since it
 * names a row and not a number of rows.
 *
 * @param createdAt in whole microseconds, as the database keeps it
 */
public record JobCursor(Instant createdAt, UUID id) {
    private static final int CONTENT_BYTES = Long.BYTES * 3;

    public JobCursor {
        createdAt = createdAt.truncatedTo(ChronoUnit.MICROS);
    }

    /** An opaque text that needs no escaping in a URL. */
    public String text() {
        return CursorText.of(ByteBuffer.allocate(CONTENT_BYTES)
                .putLong(ChronoUnit.MICROS.between(Instant.EPOCH, createdAt))
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits()));
    }

    /** Empty for a text that {@link #text()} did not make. */
    public static Optional<JobCursor> parse(String text) {
        return CursorText.content(text, CONTENT_BYTES).flatMap(JobCursor::read);
    }

    private static Optional<JobCursor> read(ByteBuffer content) {
        try {
            Instant createdAt = Instant.EPOCH.plus(content.getLong(), ChronoUnit.MICROS);
            return Optional.of(new JobCursor(createdAt, new UUID(content.getLong(), content.getLong())));
        } catch (DateTimeException | ArithmeticException e) {
            return Optional.empty();
        }
    }
}
