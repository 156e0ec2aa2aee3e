package io.wavequeue.store;

import io.wavequeue.store.EventStore.Position;
import io.wavequeue.store.JobEvent.Change;
import io.wavequeue.store.JobEvent.Letter;
import io.wavequeue.store.JobEvent.LetterChange;
import io.wavequeue.store.JobEvent.Request;
import io.wavequeue.store.view.StoredJob;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads the events behind the cursor, with what is known of their jobs now. */
final class EventReader {
    /** A dead letter carries the whole request: a batch of them stays well below the producer's buffer. */
    private static final int MOST_BYTES = 8 << 20;

    /**
     * The job's rows are joined as they are in the snapshot in which the events are seen, one by one: the planner, who cannot
     * know how few events there are, would rather read the whole table of jobs.
     */
    private static final String READ = """
            with next as (
              select e.*,
                     e.letter_only
                       or (not e.archived and 'failed' in (e.status, coalesce(e.previous_status, ''))) as concerns_letter
              from (select xid, event_id from event_cursor limit 1) c
              cross join lateral (select *
                                  from event
                                  where (xid, id) > (c.xid, c.event_id)
                                    and xid < pg_snapshot_xmin(pg_current_snapshot())
                                  order by xid, id
                                  limit ?) e
            ), joined as (
              select n.*, j.model, j.lane, j.reference, j.batch_id, p.input, p.labels::text as labels,
                     j.max_attempts, j.attempt as now_attempt, j.error_class as now_error_class, j.error_message as now_error_message,
                     j.error_retryable as now_error_retryable, j.settled_at as now_settled_at,
                     coalesce(sum(octet_length(p.input)) over (order by n.xid, n.id
                                                               rows between unbounded preceding and 1 preceding), 0) as bytes_before
              from next n
              left join lateral (select * from job where id = n.job_id limit 1) j on true
              left join lateral (select *
                                 from job_payload
                                 where job_id = j.id and j.status = 'failed' and n.concerns_letter
                                 limit 1) p on true
            )
            select *
            from joined
            where bytes_before < ?
            order by xid, id
            """;

    private static final String ATTEMPTS = """
            select job_id, number, status, prediction_id, submitted_at, accepted_at, completed_at, polls, inference_ms,
                   detect_ms, charged_usd, refunded_usd, error_class, error_message, error_retryable
            from attempt
            where job_id = any (?)
            order by job_id, number
            """;

    private static final String OUTPUTS = """
            select job_id, number, url, file, content_type, bytes, sha256, archived_at
            from output
            where job_id = any (?)
            order by job_id, number
            """;

    private EventReader() {}

    /** An event and its place. */
    record Placed(Position position, JobEvent event) {}

    /** A row whose job's attempts and outputs are not read yet. */
    private record Row(
            Position position,
            JobEvent event,
            boolean concernsLetter,
            @Nullable Letter letter,
            boolean archived) {
        Placed with(Map<UUID, List<StoredJob.Attempt>> attempts, Map<UUID, List<StoredJob.Output>> outputs) {
            return new Placed(
                    position,
                    event.with(change(attempts), archived ? outputs.getOrDefault(event.jobId(), List.of()) : null));
        }

        /** A job that is gone was removed by rule, and did not leave its state: its letter outlives it (ADR 0024). */
        private LetterChange change(Map<UUID, List<StoredJob.Attempt>> attempts) {
            if (!concernsLetter || event.request() == null) {
                return new LetterChange.None();
            }
            return letter == null
                    ? new LetterChange.Remove()
                    : new LetterChange.Put(letter.with(attempts.getOrDefault(event.jobId(), List.of())));
        }
    }

    static List<Placed> read(Connection connection, int most) throws SQLException {
        List<Row> rows;
        try (Bind bind = Bind.of(connection, READ)) {
            rows = bind.integer(most).integer(MOST_BYTES).rows(EventReader::row);
        }
        List<UUID> failed = jobs(rows, row -> row.letter != null);
        List<UUID> archived = jobs(rows, Row::archived);
        Map<UUID, List<StoredJob.Attempt>> attempts =
                failed.isEmpty() ? Map.of() : byJob(connection, ATTEMPTS, failed, EventReader::attempt);
        Map<UUID, List<StoredJob.Output>> outputs =
                archived.isEmpty() ? Map.of() : byJob(connection, OUTPUTS, archived, EventReader::output);
        return rows.stream().map(row -> row.with(attempts, outputs)).toList();
    }

    private static List<UUID> jobs(List<Row> rows, Predicate<Row> wanted) {
        return rows.stream()
                .filter(wanted)
                .map(row -> row.event.jobId())
                .distinct()
                .toList();
    }

    private static Row row(ResultSet row) throws SQLException {
        Change change = new Change(
                row.getString("status"),
                row.getString("previous_status"),
                row.getString("hold_reason"),
                row.getInt("attempt"),
                row.getBoolean("cancel_requested"),
                error(row, ""));
        JobEvent event = new JobEvent(
                Bind.uuid(row, "job_id"),
                row.getLong("version"),
                row.getBoolean("letter_only"),
                change,
                Objects.requireNonNull(Bind.time(row, "at")),
                request(row),
                new LetterChange.None(),
                null);
        return new Row(
                new Position(row.getString("xid"), row.getLong("id")),
                event,
                row.getBoolean("concerns_letter"),
                letter(row),
                row.getBoolean("archived"));
    }

    private static @Nullable Request request(ResultSet row) throws SQLException {
        String model = row.getString("model");
        return model == null
                ? null
                : new Request(
                        model,
                        row.getString("lane"),
                        row.getString("reference"),
                        row.getObject("batch_id", UUID.class));
    }

    private static @Nullable Letter letter(ResultSet row) throws SQLException {
        String input = row.getString("input");
        Instant failedAt = Bind.time(row, "now_settled_at");
        StoredJob.Error error = error(row, "now_");
        return input == null || failedAt == null || error == null
                ? null
                : new Letter(
                        input,
                        row.getString("labels"),
                        row.getInt("max_attempts"),
                        row.getInt("now_attempt"),
                        error,
                        failedAt,
                        List.of());
    }

    private static <T> Map<UUID, List<T>> byJob(Connection connection, String sql, List<UUID> jobs, Bind.Row<T> reader)
            throws SQLException {
        Map<UUID, List<T>> found = new HashMap<>();
        try (Bind bind = Bind.of(connection, sql)) {
            bind.array("uuid", jobs, job -> job)
                    .rows(row -> found.computeIfAbsent(Bind.uuid(row, "job_id"), job -> new ArrayList<>())
                            .add(reader.read(row)));
        }
        return found;
    }

    /** Whether it was looked at, or lost, is not told. */
    private static StoredJob.Output output(ResultSet row) throws SQLException {
        return new StoredJob.Output(
                row.getInt("number"),
                row.getString("url"),
                row.getString("file"),
                row.getString("content_type"),
                row.getObject("bytes", Long.class),
                row.getString("sha256"),
                Bind.time(row, "archived_at"),
                null,
                null,
                null);
    }

    private static StoredJob.Attempt attempt(ResultSet row) throws SQLException {
        return new StoredJob.Attempt(
                row.getInt("number"),
                row.getString("status"),
                row.getString("prediction_id"),
                Bind.time(row, "submitted_at"),
                Bind.time(row, "accepted_at"),
                Bind.time(row, "completed_at"),
                row.getInt("polls"),
                row.getObject("inference_ms", Integer.class),
                row.getObject("detect_ms", Integer.class),
                row.getBigDecimal("charged_usd"),
                row.getBigDecimal("refunded_usd"),
                error(row, ""));
    }

    private static StoredJob.@Nullable Error error(ResultSet row, String prefix) throws SQLException {
        String errorClass = row.getString(prefix + "error_class");
        return errorClass == null
                ? null
                : new StoredJob.Error(
                        errorClass,
                        row.getString(prefix + "error_message"),
                        row.getBoolean(prefix + "error_retryable"));
    }
}
