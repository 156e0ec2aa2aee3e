package io.wavequeue.store;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
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
              select o.id
              from output o
              where o.archived_at is null
                and o.archive_at <= now()
              order by o.archive_at
              limit ?
              for update skip locked
            )
            update output o
            set tries = o.tries + 1, archive_at = now() + make_interval(secs => ?), held_by = ?
            from due d
            where o.id = d.id
            returning o.id, o.job_id, o.attempt, o.prediction_id, o.number, o.url, o.tries, o.file, o.content_type, o.bytes, o.sha256
            """;

    /** Their other outputs' archiving waits here, and the statement after it sees what theirs wrote. */
    private static final String LOCK_JOBS =
            "select id from job where id = any(?::uuid[]) order by id for no key update";

    /** An output that waits is one that is due at some time: said like this, only those that are named are read (ADR 0013). */
    static final String ARCHIVED = """
            with file as (
              select *
              from unnest(?::bigint[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::text[])
                as f(output_id, url, file, content_type, bytes, sha256)
            ), filed as (
              update output o
              set file = f.file, content_type = f.content_type, bytes = f.bytes, sha256 = f.sha256, archived_at = now(),
                  archive_at = null, error = null, held_by = null, check_at = case when ? then now() end
              from file f
              where o.id = f.output_id
                and o.url = f.url
                and o.archive_at is not null
              returning o.id, o.job_id
            ), to_place as (
              update take t
              set place_at = now()
              from (select distinct job_id from filed) f
              where t.job_id = f.job_id
            ), whole as (
              update job j
              set version = j.version + 1, updated_at = now()
              from (select distinct job_id from filed) f
              where j.id = f.job_id
                and j.status in ('succeeded', 'failed', 'cancelled')
                and not exists (select 1
                                from output o
                                where o.job_id = f.job_id
                                  and o.archive_at is not null
                                  and not exists (select 1 from filed done where done.id = o.id))
              returning j.id, j.version, j.status, j.attempt, j.cancel_requested,
                        j.error_class, j.error_message, j.error_retryable
            )
            insert into event (job_id, version, status, previous_status, attempt, cancel_requested,
                               error_class, error_message, error_retryable, archived)
            select id, version, status, status, attempt, cancel_requested, error_class, error_message, error_retryable, true
            from whole
            """;

    /** When the provider deletes an output, as far as we know. */
    private static final String KEPT_UNTIL = "coalesce(a.completed_at, o.created_at) + interval '7 days'";

    private static final String FAILED = """
            update output o
            set error = ?, held_by = null, lost_at = case when e.lost then now() end,
                archive_at = case when not e.lost then now() + make_interval(secs => ?) end
            from (select ? and %s < now() as lost
                  from output o
                  left join attempt a on a.job_id = o.job_id and a.number = o.attempt
                  where o.id = ?) e
            where o.id = ?
              and o.url = ?
              and o.archive_at is not null
            returning o.lost_at is not null as lost
            """.formatted(KEPT_UNTIL);

    /** Those that nobody has are left alone, so this reads no more than what is under way. */
    static final String LET_GO = """
            with dead as (
              select o.id
              from output o
              where o.held_by is not null
                and not exists (select 1 from worker w where w.id = o.held_by and w.ended_at is null)
              order by o.id
              for update skip locked
            )
            update output o
            set held_by = null, archive_at = case when o.archive_at is not null then now() end,
                check_at = case when o.check_at is not null then now() end
            from dead d
            where o.id = d.id
            """;

    private static final String WAITING = """
            select days_left, count(*)::int as waiting
            from (select least(7, greatest(0, ceil(extract(epoch from %s - now()) / 86400)))::int as days_left
                  from output o
                  left join attempt a on a.job_id = o.job_id and a.number = o.attempt
                  where o.archived_at is null
                    and o.archive_at is not null) w
            group by days_left
            """.formatted(KEPT_UNTIL);

    private final Database database;

    ArchiveStore(Database database) {
        this.database = database;
    }

    /**
     * An output to fetch.
     *
     * @param fetched the file that was fetched before the job had its prediction; null = none
     */
    public record DueOutput(
            long id,
            Owner owner,
            int number,
            String url,
            int tries,
            @Nullable ArchivedFile fetched) {

        @Override
        public String toString() {
            return owner + ", output " + number;
        }
    }

    /** Whose an output is. */
    public sealed interface Owner {
        /** A job's: its result, or what came too late for that. */
        record OfJob(UUID id, int attempt) implements Owner {
            @Override
            public String toString() {
                return "job " + id;
            }
        }

        /** No job's, so far. */
        record OfPrediction(String id) implements Owner {
            @Override
            public String toString() {
                return "prediction " + id;
            }
        }
    }

    /** A file that is stored under its final name. */
    public record ArchivedFile(String file, @Nullable String contentType, long bytes, String sha256) {}

    /** Takes at most {@code most} due outputs; nobody else sees them before the lease is over, or the worker has ended. */
    public List<DueOutput> take(UUID worker, int most, Duration lease) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, TAKE)) {
                return bind.integer(most).seconds(lease).uuid(worker).rows(ArchiveStore::due);
            }
        });
    }

    /** An output and where it lies now. */
    public record Filed(DueOutput output, ArchivedFile file) {
        @Override
        public String toString() {
            return output.toString();
        }
    }

    /**
     * Writes down where the files are. When one is the last that was missing of a job that has ended, the same transaction
     * writes the event that says so; and the named files of the takes that have these jobs are to be compared.
     *
     * @param check whether somebody is to look at the files ({@link CheckStore})
     */
    public void archived(List<Filed> files, boolean check) {
        List<UUID> jobs = files.stream()
                .flatMap(filed -> filed.output().owner() instanceof Owner.OfJob(UUID job, int attempt)
                        ? Stream.of(job)
                        : Stream.of())
                .toList();
        database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, LOCK_JOBS)) {
                bind.array("uuid", jobs, job -> job).rows(row -> Bind.uuid(row, "id"));
            }
            try (Bind bind = Bind.of(connection, ARCHIVED)) {
                return bind.array("bigint", files, filed -> filed.output().id())
                        .array("text", files, filed -> filed.output().url())
                        .array("text", files, filed -> filed.file().file())
                        .array("text", files, filed -> filed.file().contentType())
                        .array("bigint", files, filed -> filed.file().bytes())
                        .array("text", files, filed -> filed.file().sha256())
                        .flag(check)
                        .update();
            }
        });
    }

    /**
     * Keeps why it failed. It is tried again after the delay, unless the provider has deleted it by now: then it is lost.
     *
     * @param mayBeLost whether the link failed, and not we
     * @return whether it is lost
     */
    public boolean failed(DueOutput output, String reason, Duration again, boolean mayBeLost) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, FAILED)) {
                return bind.text(reason)
                        .seconds(again)
                        .flag(mayBeLost)
                        .number(output.id())
                        .number(output.id())
                        .text(output.url())
                        .rows(row -> row.getBoolean("lost"))
                        .contains(true);
            }
        });
    }

    /** Makes due what ended workers were fetching or looking at. Returns how many it were. */
    public int letGo() {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, LET_GO)) {
                return bind.update();
            }
        });
    }

    /** How many outputs wait to be archived, by the days for which the provider keeps them, rounded up; 0 = no more. */
    public Map<Integer, Integer> waiting() {
        return database.inTransaction(connection -> {
            Map<Integer, Integer> waiting = new HashMap<>();
            try (Bind bind = Bind.of(connection, WAITING)) {
                bind.rows(row -> waiting.put(row.getInt("days_left"), row.getInt("waiting")));
            }
            return waiting;
        });
    }

    private static DueOutput due(ResultSet row) throws SQLException {
        @Nullable UUID job = row.getObject("job_id", UUID.class);
        @Nullable String file = row.getString("file");
        return new DueOutput(
                row.getLong("id"),
                job == null
                        ? new Owner.OfPrediction(row.getString("prediction_id"))
                        : new Owner.OfJob(job, row.getInt("attempt")),
                row.getInt("number"),
                row.getString("url"),
                row.getInt("tries"),
                file == null
                        ? null
                        : new ArchivedFile(
                                file, row.getString("content_type"), row.getLong("bytes"), row.getString("sha256")));
    }
}
