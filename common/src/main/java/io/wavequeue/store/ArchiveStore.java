package io.wavequeue.store;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Outputs that are to be fetched from the provider.
 *
 * <p>Whoever takes one moves its next try on first, so a worker that dies while fetching loses nothing.
 */
@ApplicationScoped
public class ArchiveStore {
    private static final String TAKE = """
            with due as (
              select o.job_id, o.number
              from output o
              where o.archived_at is null
                and o.archive_at <= now()
              order by o.archive_at
              limit ?
              for update skip locked
            )
            update output o
            set tries = o.tries + 1, archive_at = now() + make_interval(secs => ?)
            from due d, job j
            where o.job_id = d.job_id
              and o.number = d.number
              and j.id = o.job_id
            returning o.job_id, o.number, o.url, o.tries, j.model
            """;

    private static final String ARCHIVED = """
            update output
            set file = ?, content_type = ?, bytes = ?, sha256 = ?, archived_at = now(), archive_at = null, error = null
            where job_id = ?
              and number = ?
              and url = ?
              and archived_at is null
            """;

    private static final String FAILED = """
            update output
            set error = ?, archive_at = now() + make_interval(secs => ?)
            where job_id = ?
              and number = ?
              and url = ?
              and archived_at is null
            """;

    private final Database database;

    ArchiveStore(Database database) {
        this.database = database;
    }

    /** An output to fetch. */
    public record DueOutput(UUID jobId, int number, String url, int tries, String model) {}

    /** A file that is on disk under its final name. */
    public record ArchivedFile(String file, @Nullable String contentType, long bytes, String sha256) {}

    /** Takes at most {@code most} due outputs; nobody else sees them before the lease is over. */
    public List<DueOutput> take(int most, Duration lease) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, TAKE)) {
                return bind.integer(most)
                        .seconds(lease)
                        .rows(row -> new DueOutput(
                                Bind.uuid(row, "job_id"),
                                row.getInt("number"),
                                row.getString("url"),
                                row.getInt("tries"),
                                row.getString("model")));
            }
        });
    }

    public void archived(DueOutput output, ArchivedFile file) {
        database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, ARCHIVED)) {
                return bind.text(file.file())
                        .text(file.contentType())
                        .number(file.bytes())
                        .text(file.sha256())
                        .uuid(output.jobId())
                        .integer(output.number())
                        .text(output.url())
                        .update();
            }
        });
    }

    /** Keeps why it failed and tries again after the delay. */
    public void failed(DueOutput output, String reason, Duration again) {
        database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, FAILED)) {
                return bind.text(reason)
                        .seconds(again)
                        .uuid(output.jobId())
                        .integer(output.number())
                        .text(output.url())
                        .update();
            }
        });
    }
}
