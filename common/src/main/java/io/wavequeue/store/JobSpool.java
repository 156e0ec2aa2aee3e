package io.wavequeue.store;

import io.wavequeue.job.JobStatus;
import io.wavequeue.job.NewJob;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * Rows of new jobs on disk, in the form in which {@code COPY} takes them: any number of jobs costs no memory, and a
 * transaction begins only when all of them are known to be good.
 *
 * <p>The files have no names, so that nothing of them outlives the process.
 */
public final class JobSpool implements Closeable {
    private static final String COPY_JOBS = """
            copy job (id, model, lane, reference, batch_id, max_attempts, estimated_usd, reserve_usd, status, dispatch_at)
            from stdin
            """;

    /** PostgreSQL reads it as the time of the transaction. */
    private static final String DUE_NOW = "now";

    private static final String COPY_PAYLOADS = "copy job_payload (job_id, input, labels, model, reference) from stdin";

    private static final String NULL = "\\N";

    private final Rows jobs;
    private final Rows payloads;

    private JobSpool(Rows jobs, Rows payloads) {
        this.jobs = jobs;
        this.payloads = payloads;
    }

    /** An empty one, whose files lie in the folder, which is made where it is missing. */
    public static JobSpool create(Path folder) throws IOException {
        Files.createDirectories(folder);
        Rows jobs = Rows.create(folder);
        try {
            return new JobSpool(jobs, Rows.create(folder));
        } catch (IOException failure) {
            jobs.close();
            throw failure;
        }
    }

    public void add(NewJob job) throws IOException {
        jobs.add(
                job.id(),
                job.model(),
                job.lane().code(),
                job.tag().reference(),
                job.tag().batchId(),
                job.maxAttempts(),
                job.estimatedUsd(),
                job.reserveUsd(),
                JobStatus.QUEUED.code(),
                DUE_NOW);
        payloads.add(job.id(), job.input(), job.labels(), job.model(), job.tag().reference());
    }

    /** Writes all jobs; may be done again when the transaction is repeated. */
    void copyInto(Connection connection) throws SQLException {
        try {
            CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
            jobs.copy(copy, COPY_JOBS);
            payloads.copy(copy, COPY_PAYLOADS);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("spooled jobs cannot be read again", unreadable);
        }
    }

    @Override
    public void close() throws IOException {
        jobs.close();
        payloads.close();
    }

    /** Rows of one table. */
    private record Rows(FileChannel file, Writer writer) implements Closeable {
        private static final int BUFFER = 64 * 1024;

        static Rows create(Path folder) throws IOException {
            FileChannel file = FileChannel.open(
                    folder.resolve(".spool-" + UUID.randomUUID()),
                    StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.DELETE_ON_CLOSE);
            return new Rows(
                    file, new BufferedWriter(Channels.newWriter(file, StandardCharsets.UTF_8.newEncoder(), BUFFER)));
        }

        void add(@Nullable Object... columns) throws IOException {
            for (int i = 0; i < columns.length; i++) {
                @Nullable Object column = columns[i];
                writer.write(column == null ? NULL : escaped(column.toString()));
                writer.write(i == columns.length - 1 ? '\n' : '\t');
            }
        }

        void copy(CopyManager copy, String statement) throws SQLException, IOException {
            writer.flush();
            file.position(0);
            copy.copyIn(statement, Channels.newInputStream(file), BUFFER);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }

        private static String escaped(String text) {
            if (text.indexOf('\\') < 0 && text.indexOf('\n') < 0 && text.indexOf('\t') < 0 && text.indexOf('\r') < 0) {
                return text;
            }
            return text.replace("\\", "\\\\")
                    .replace("\n", "\\n")
                    .replace("\r", "\\r")
                    .replace("\t", "\\t");
        }
    }
}
