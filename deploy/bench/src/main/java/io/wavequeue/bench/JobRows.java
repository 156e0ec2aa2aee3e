package io.wavequeue.bench;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The stack's jobs, read and written as a person with psql does, on one connection. */
final class JobRows implements AutoCloseable {
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    /** All in one statement, so that all are due at its commit; ids are of version 7, a hundred per millisecond. */
    private static final String ADD = """
            with asked as (
              select (substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-7' || substr(gen_random_uuid()::text, 16))::uuid as id, i
              from generate_series(1, ?) as i,
                   lpad(to_hex((extract(epoch from now()) * 1000)::bigint + i / 100), 12, '0') as h
            ), added as (
              insert into job (id, status, model, lane, batch_id, max_attempts, estimated_usd, reserve_usd, dispatch_at)
              select id, 'queued', ?, 'bulk', batch[1 + i % cardinality(batch)], 3, 0.0217, 0.0217, now()
              from asked
              cross join (select ?::uuid[] as batch) b
              returning id, model
            )
            insert into job_payload (job_id, input, model)
            select a.id, replace(?, '%', ? || ' ' || a.i), d.model
            from asked a
            join added d on d.id = a.id
            """;

    private static final String IS_LIVE =
            "select exists (select 1 from job where status in ('queued', 'submitting', 'uncertain', 'running', 'held'))";

    private static final String IS_TO_ARCHIVE = "select exists (select 1 from output where archived_at is null)";

    private static final String IS_TO_PUBLISH = """
            select exists (select 1
                           from event_cursor c
                           join event e on (e.xid, e.id) > (c.xid, c.event_id))
            """;

    private static final String FATES =
            "select status, count(*) as jobs from job where created_at between ? and ? and status <> 'cancelled' group by status";

    private static final String GRANTS = """
            select j.lane, j.batch_id::text, extract(epoch from a.submitted_at - j.created_at) * 1000 as wait_ms,
                   a.claimed_at
            from job j
            join attempt a on a.job_id = j.id and a.number = 1
            where j.created_at between ? and ?
              and a.submitted_at is not null
            order by a.claimed_at, j.id
            """;

    /** What a claim or the dispatcher holds just now is left: whoever waits for it may be waited for. */
    private static final String CANCEL = """
            update job j
            set status = 'cancelled', dispatch_at = null, sends = 0, version = version + 1, settled_at = now()
            from (select id
                  from job
                  where status = 'queued'
                    and lane = 'bulk'
                  for update skip locked) q
            where j.id = q.id
            """;

    private static final String IS_BULK_QUEUED =
            "select exists (select 1 from job where status = 'queued' and lane = 'bulk')";

    private static final String CLIPS = """
            select a.polls, a.detect_ms,
                   extract(epoch from j.settled_at - j.created_at) * 1000 as total_ms, a.inference_ms,
                   extract(epoch from a.submitted_at) as submitted, extract(epoch from a.accepted_at) as accepted,
                   extract(epoch from j.settled_at) as settled
            from job j
            join attempt a on a.job_id = j.id and a.number = j.attempt
            where j.created_at between ? and ?
            """;

    private final Connection connection;

    JobRows(String url) throws SQLException {
        connection = DriverManager.getConnection(url);
        try (Statement statement = connection.createStatement()) {
            statement.execute("set enable_seqscan = off"); // looking twenty times a second must cost nothing
        }
    }

    /** The jobs of one run: all that were created in this time, by the database's clock. */
    record Span(OffsetDateTime from, OffsetDateTime to) {}

    /**
     * What the rows say of one clip.
     *
     * @param submitted seconds since 1970, as the next two
     * @param detectMs at most so late was its end seen
     */
    record Clip(
            int polls,
            double detectMs,
            double totalMs,
            double inferenceMs,
            double submitted,
            double accepted,
            double settled) {

        /** What is ours: neither the provider's run time nor the time until a poll could see its end. */
        double overheadMs() {
            return Math.max(0, totalMs - inferenceMs - detectMs);
        }

        /** All that is not the provider's run time. */
        double beyondProviderMs() {
            return totalMs - inferenceMs;
        }
    }

    /**
     * A job that was given a permit.
     *
     * @param batch null = of none
     * @param waitMs from its creation to its submit
     */
    record Grant(String lane, @Nullable String batch, double waitMs, OffsetDateTime at) {}

    OffsetDateTime now() throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("select now()");
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getObject(1, OffsetDateTime.class);
        }
    }

    /** Makes so many jobs, due when this returns. */
    Span addBacklog(String run, int clips) throws SQLException {
        return addBacklog(run, clips, Collections.singletonList(null));
    }

    /** The same, given to the batches one after the other, and to a batch as often as it is named. */
    Span addBacklog(String run, int clips, List<@Nullable UUID> batches) throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement insert = connection.prepareStatement(ADD)) {
            OffsetDateTime time = now();
            insert.setInt(1, clips);
            insert.setString(2, Clips.MODEL);
            insert.setArray(3, connection.createArrayOf("uuid", batches.toArray()));
            insert.setString(4, Clips.input("%"));
            insert.setString(5, run);
            insert.executeUpdate();
            connection.commit();
            return new Span(time, time);
        } finally {
            connection.setAutoCommit(true);
        }
    }

    /** Waits until every job has ended, is archived and told to others. */
    void awaitAll() throws IOException, SQLException, InterruptedException {
        awaitEnded();
        awaitArchived();
        awaitPublished();
    }

    void awaitEnded() throws IOException, SQLException, InterruptedException {
        Waiting.until("all jobs have ended", LOOK_EVERY, () -> !is(IS_LIVE));
    }

    void awaitArchived() throws IOException, SQLException, InterruptedException {
        Waiting.until("all outputs are archived", LOOK_EVERY, () -> !is(IS_TO_ARCHIVE));
    }

    void awaitPublished() throws IOException, SQLException, InterruptedException {
        Waiting.until("all events are published", LOOK_EVERY, () -> !is(IS_TO_PUBLISH));
    }

    /** @throws BenchFailedException unless so many jobs are there that were not cancelled, and all have succeeded */
    void requireSucceeded(Span span, int clips) throws SQLException {
        List<String> fates = new ArrayList<>();
        try (PreparedStatement query = prepared(FATES, span);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                fates.add(row.getString("status") + " " + row.getLong("jobs"));
            }
        }
        if (!fates.equals(List.of("succeeded " + clips))) {
            throw new BenchFailedException("of %d jobs not all succeeded: %s".formatted(clips, fates));
        }
    }

    List<Clip> clips(Span span) throws SQLException {
        try (PreparedStatement query = prepared(CLIPS, span);
                ResultSet row = query.executeQuery()) {
            List<Clip> clips = new ArrayList<>();
            while (row.next()) {
                clips.add(new Clip(
                        row.getInt("polls"),
                        row.getDouble("detect_ms"),
                        row.getDouble("total_ms"),
                        row.getDouble("inference_ms"),
                        row.getDouble("submitted"),
                        row.getDouble("accepted"),
                        row.getDouble("settled")));
            }
            return clips;
        }
    }

    /** In the order of their claims. */
    List<Grant> grants(Span span) throws SQLException {
        try (PreparedStatement query = prepared(GRANTS, span);
                ResultSet row = query.executeQuery()) {
            List<Grant> grants = new ArrayList<>();
            while (row.next()) {
                grants.add(new Grant(
                        row.getString("lane"),
                        row.getString("batch_id"),
                        row.getDouble("wait_ms"),
                        row.getObject("claimed_at", OffsetDateTime.class)));
            }
            return grants;
        }
    }

    /** Cancels the bulk jobs that wait for their turn; the records of those that are out claim nothing then. */
    void cancelBacklog() throws IOException, SQLException, InterruptedException {
        Waiting.until("the backlog is cancelled", LOOK_EVERY, () -> {
            try (PreparedStatement update = connection.prepareStatement(CANCEL)) {
                update.executeUpdate();
            }
            return !is(IS_BULK_QUEUED);
        });
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    private PreparedStatement prepared(String sql, Span span) throws SQLException {
        PreparedStatement query = connection.prepareStatement(sql);
        query.setObject(1, span.from());
        query.setObject(2, span.to());
        return query;
    }

    private boolean is(String sql) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql);
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getBoolean(1);
        }
    }
}
