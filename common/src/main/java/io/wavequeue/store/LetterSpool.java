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
 * The letters that stand on the dead-letter topic, on disk: any number of them costs no memory.
 *
 * <p>The files have no names, so that nothing of them outlives the process.
 */
public final class LetterSpool implements Closeable {
    private static final String CREATE = """
            create temporary table letter (
              key bytea, key_text text, own_key boolean, id uuid, refusal text, message text, failed_at timestamptz,
              model text, lane text, reference text, batch_id uuid, max_attempts integer, attempt integer,
              estimated_usd numeric, reserve_usd numeric, input text, labels jsonb,
              error_class text, error_message text, error_retryable boolean,
              created_at timestamptz, active_at timestamptz, input_key text, clipless_key text, asked_key text, asked_clipless text,
              attempts jsonb, wanted boolean, here boolean, restored boolean
            ) on commit drop
            """;

    private static final String COPY = """
            copy letter (key, key_text, own_key, id, refusal, message, failed_at,
                         model, lane, reference, batch_id, max_attempts, attempt, estimated_usd, reserve_usd, input, labels,
                         error_class, error_message, error_retryable, created_at, active_at, input_key, clipless_key, asked_key,
                         asked_clipless, attempts)
            from stdin
            """;

    private static final String CREATE_HEADS = """
            create temporary table letter_head (id uuid, model text, failed_at timestamptz, active_at timestamptz) on commit drop
            """;

    private static final String COPY_HEADS = "copy letter_head from stdin";

    private final SpoolFile letters;

    /** What tells which models the history is to be asked about: a hundredth of the letters. */
    private final SpoolFile heads;

    private LetterSpool(SpoolFile letters, SpoolFile heads) {
        this.letters = letters;
        this.heads = heads;
    }

    /** An empty one, whose files lie in the folder, which is made where it is missing. */
    public static LetterSpool create(Path folder) throws IOException {
        SpoolFile letters = SpoolFile.create(folder);
        try {
            return new LetterSpool(letters, SpoolFile.create(folder));
        } catch (IOException failure) {
            letters.close();
            throw failure;
        }
    }

    /**
     * The record's key.
     *
     * @param text as far as it is text
     */
    public record Key(byte[] bytes, String text) {}

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

    /** @param jobId the job that it is about, whose row may be here all the same; null = not known */
    public void refused(Key key, @Nullable UUID jobId, Instant failedAt, Refusal refusal, String message)
            throws IOException {
        @Nullable Object[] row = new Object[27];
        row[0] = hex(key);
        row[1] = key.text();
        row[2] = isOwn(key, jobId);
        row[3] = jobId;
        row[4] = refusal.code();
        row[5] = message;
        row[6] = failedAt;
        letters.add(row);
    }

    /** A letter that can become a job. */
    public void add(Key key, LetterRow letter) throws IOException {
        NewJob job = letter.job();
        letters.add(
                hex(key),
                key.text(),
                isOwn(key, job.id()),
                job.id(),
                null,
                null,
                letter.ended().failedAt(),
                job.model(),
                job.lane().code(),
                job.tag().reference(),
                job.tag().batchId(),
                job.maxAttempts(),
                letter.attempt(),
                job.estimatedUsd(),
                job.reserveUsd(),
                job.input(),
                job.labels(),
                letter.ended().error().errorClass().code(),
                letter.ended().error().message(),
                letter.ended().error().retryable(),
                letter.createdAt(),
                letter.evidence().activeAt(),
                letter.evidence().own().input(),
                letter.evidence().own().clipless(),
                letter.evidence().asked().input(),
                letter.evidence().asked().clipless(),
                letter.attempts());
        heads.add(
                job.id(),
                job.model(),
                letter.ended().failedAt(),
                letter.evidence().activeAt());
    }

    private static String hex(Key key) {
        return "\\x" + HexFormat.of().formatHex(key.bytes());
    }

    private static boolean isOwn(Key key, @Nullable UUID jobId) {
        return jobId != null && key.text().equals(jobId.toString());
    }

    /** Makes the transaction's table {@code letter} of it; may be done again when the transaction is repeated. */
    void copyLetters(Connection connection) throws SQLException {
        copy(connection, letters, CREATE, COPY);
    }

    /** The same with {@code letter_head}. */
    void copyHeads(Connection connection) throws SQLException {
        copy(connection, heads, CREATE_HEADS, COPY_HEADS);
    }

    private static void copy(Connection connection, SpoolFile rows, String create, String copy) throws SQLException {
        try (Bind bind = Bind.of(connection, create)) {
            bind.update();
        }
        try {
            rows.copy(connection, copy, null);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("spooled letters cannot be read again", unreadable);
        }
    }

    @Override
    public void close() throws IOException {
        letters.close();
        heads.close();
    }
}
