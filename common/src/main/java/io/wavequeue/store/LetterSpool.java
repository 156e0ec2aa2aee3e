package io.wavequeue.store;

import io.wavequeue.job.NewJob;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What lies on the dead-letter topic, on disk, record by record as it was read: any number of letters costs no memory. Which
 * of them count, the last of each key unless that is a tombstone, is told by {@link LettersChoice}.
 *
 * <p>The file has no name, so that nothing of it outlives the process.
 */
public final class LetterSpool implements Closeable {
    private static final String CREATE = """
            create temporary table letter_read (
              partition integer, place bigint, at timestamptz, key bytea, key_text text, removed boolean,
              id uuid, own_key boolean, refusal text, message text, failed_at timestamptz,
              model text, lane text, reference text, batch_id uuid, max_attempts integer, attempt integer,
              estimated_usd numeric, reserve_usd numeric, input text, labels jsonb,
              error_class text, error_message text, error_retryable boolean,
              created_at timestamptz, active_at timestamptz, input_key text, clipless_key text, attempts jsonb
            ) on commit drop
            """;

    private static final String COPY = "copy letter_read from stdin";

    private final SpoolFile file;

    private LetterSpool(SpoolFile file) {
        this.file = file;
    }

    /** An empty one, whose file lies in the folder, which is made where it is missing. */
    public static LetterSpool create(Path folder) throws IOException {
        return new LetterSpool(SpoolFile.create(folder));
    }

    /**
     * Where a record lies.
     *
     * @param at the record's own time
     * @param keyText the key as far as it is text
     */
    public record Place(int partition, long offset, Instant at, byte[] key, String keyText) {}

    /** Why no job can be made of a letter, unless its job is here. The column {@code replay_refusal.reason} holds {@link #code()}. */
    public enum Refusal {
        /** It cannot be read, or is no request. */
        RECORD_INVALID("record_invalid"),
        /** It was too large for the topic, and was cut. */
        INPUT_MISSING("input_missing");

        private final String code;

        Refusal(String code) {
            this.code = code;
        }

        public String code() {
            return code;
        }
    }

    /** A tombstone: the letters of that key before it count no more. */
    public void removed(Place place) throws IOException {
        add(place, true, null, null, null, null, null);
    }

    /** @param jobId the job that it is about, whose row may be here all the same; null = not known */
    public void refused(Place place, @Nullable UUID jobId, Instant failedAt, Refusal refusal, String message)
            throws IOException {
        add(place, false, jobId, refusal.code(), message, failedAt, null);
    }

    /** A letter that can become a job. */
    public void add(Place place, LetterRow letter) throws IOException {
        add(place, false, letter.job().id(), null, null, letter.ended().failedAt(), letter);
    }

    private void add(
            Place place,
            boolean removed,
            @Nullable UUID jobId,
            @Nullable String refusal,
            @Nullable String message,
            @Nullable Instant failedAt,
            @Nullable LetterRow letter)
            throws IOException {
        @Nullable NewJob job = letter == null ? null : letter.job();
        boolean ownKey = jobId != null && place.keyText().equals(jobId.toString());
        file.add(
                place.partition(),
                place.offset(),
                place.at(),
                "\\x" + HexFormat.of().formatHex(place.key()),
                place.keyText(),
                removed,
                jobId,
                ownKey,
                refusal,
                message,
                failedAt,
                job == null ? null : job.model(),
                job == null ? null : job.lane().code(),
                job == null ? null : job.tag().reference(),
                job == null ? null : job.tag().batchId(),
                job == null ? null : job.maxAttempts(),
                letter == null ? null : letter.attempt(),
                job == null ? null : job.estimatedUsd(),
                job == null ? null : job.reserveUsd(),
                job == null ? null : job.input(),
                job == null ? null : job.labels(),
                letter == null ? null : letter.ended().error().errorClass().code(),
                letter == null ? null : letter.ended().error().message(),
                letter == null ? null : letter.ended().error().retryable(),
                letter == null ? null : letter.createdAt(),
                letter == null ? null : letter.evidence().activeAt(),
                letter == null ? null : letter.evidence().inputKey(),
                letter == null ? null : letter.evidence().cliplessKey(),
                letter == null ? null : letter.attempts());
    }

    /** Makes the transaction's table {@code letter_read} of it; may be done again when the transaction is repeated. */
    void copy(Connection connection) throws SQLException {
        try (Bind bind = Bind.of(connection, CREATE)) {
            bind.update();
        }
        try {
            file.copy(connection, COPY, null);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("spooled letters cannot be read again", unreadable);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
