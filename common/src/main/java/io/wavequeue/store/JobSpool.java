package io.wavequeue.store;

import io.wavequeue.job.JobStatus;
import io.wavequeue.job.NewJob;
import io.wavequeue.job.NewTake;
import io.wavequeue.job.NewTake.Names;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Rows of new jobs on disk, in the form in which {@code COPY} takes them: any number of jobs costs no memory, and a
 * transaction begins only when all of them are known to be good. Beside each job stands the take that it would make, where
 * the file belongs to a library.
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

    private static final String COPY_PAYLOADS =
            "copy job_payload (job_id, input, labels, model, reference, content_key) from stdin";

    private static final String COPY_TAKES = """
            copy asked (ordinal, item, line, reference, take, content_key, model, estimated_usd, name, folded, cue_name,
                        cue_folded, reuse, fixed_seed, job_id)
            from stdin
            """;

    private final SpoolFile jobs;
    private final SpoolFile payloads;
    private final SpoolFile takes;
    private int ordinal;

    private JobSpool(SpoolFile jobs, SpoolFile payloads, SpoolFile takes) {
        this.jobs = jobs;
        this.payloads = payloads;
        this.takes = takes;
    }

    /** An empty one, whose files lie in the folder, which is made where it is missing. */
    public static JobSpool create(Path folder) throws IOException {
        SpoolFile jobs = SpoolFile.create(folder);
        try {
            SpoolFile payloads = SpoolFile.create(folder);
            try {
                return new JobSpool(jobs, payloads, SpoolFile.create(folder));
            } catch (IOException failure) {
                payloads.close();
                throw failure;
            }
        } catch (IOException failure) {
            jobs.close();
            throw failure;
        }
    }

    /** @param take that the job would make; null = the file belongs to no library, and no other job has one then */
    public void add(NewJob job, @Nullable NewTake take) throws IOException {
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
        payloads.add(
                job.id(),
                job.input(),
                job.labels(),
                job.model(),
                job.tag().reference(),
                take == null ? null : take.contentKey());
        if (take != null) {
            add(job, take, take.names());
        }
        ordinal++;
    }

    private void add(NewJob job, NewTake take, @Nullable Names names) throws IOException {
        takes.add(
                ordinal,
                take.item(),
                take.line(),
                job.tag().reference(),
                take.number(),
                take.contentKey(),
                job.model(),
                job.estimatedUsd(),
                names == null ? null : names.take(),
                names == null ? null : names.takeFolded(),
                names == null ? null : names.cue(),
                names == null ? null : names.cueFolded(),
                take.reuse(),
                take.fixedSeed(),
                job.id());
    }

    /** Writes the jobs; may be done again when the transaction is repeated. @param chosen by number; null = all */
    void copyJobs(Connection connection, @Nullable BitSet chosen) throws SQLException {
        copy(connection, jobs, COPY_JOBS, chosen);
        copy(connection, payloads, COPY_PAYLOADS, chosen);
    }

    /** Writes the takes into the table {@code asked} of the transaction. */
    void copyTakes(Connection connection) throws SQLException {
        copy(connection, takes, COPY_TAKES, null);
    }

    private static void copy(Connection connection, SpoolFile rows, String statement, @Nullable BitSet chosen)
            throws SQLException {
        try {
            rows.copy(connection, statement, chosen);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("spooled jobs cannot be read again", unreadable);
        }
    }

    @Override
    public void close() throws IOException {
        jobs.close();
        payloads.close();
        takes.close();
    }
}
