package io.wavequeue.store.view;

import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The place after a job in the list of the newest: the next page starts with what is older. Survives new jobs, since it
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
        ByteBuffer bytes = ByteBuffer.allocate(CONTENT_BYTES + Integer.BYTES)
                .putLong(ChronoUnit.MICROS.between(Instant.EPOCH, createdAt))
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits());
        bytes.putInt(checksum(bytes.array()));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /** Empty for a text that {@link #text()} did not make. */
    public static Optional<JobCursor> parse(String text) {
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
        try {
            Instant createdAt = Instant.EPOCH.plus(content.getLong(), ChronoUnit.MICROS);
            UUID id = new UUID(content.getLong(), content.getLong());
            return content.getInt() == checksum(bytes) ? Optional.of(new JobCursor(createdAt, id)) : Optional.empty();
        } catch (DateTimeException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    private static int checksum(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(Arrays.copyOf(bytes, CONTENT_BYTES));
        return (int) checksum.getValue();
    }
}
