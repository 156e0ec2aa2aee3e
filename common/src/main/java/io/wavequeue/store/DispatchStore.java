package io.wavequeue.store;

import io.wavequeue.job.Account;
import io.wavequeue.job.Breaker;
import io.wavequeue.job.Breakers;
import io.wavequeue.job.Lane;
import io.wavequeue.job.PriceStop;
import io.wavequeue.store.ClaimStore.Candidate;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes the jobs that are to be sent to Kafka now.
 *
 * <p>A window of them is out at any time, a few seconds' work for each lane; the rest waits here, where priority and shares
 * can still be decided. A row's next sending is set before its record is sent, so neither a crash in between nor a lost record
 * loses a job.
 */
@ApplicationScoped
public class DispatchStore {
    /** Serialises the dispatchers of all processes; whoever finds it taken leaves the work to the other. */
    private static final long LOCK = 0x57415645;

    /** Records of a scope whose breaker lets one through: the probe, and another in case that was the last one. */
    private static final int HANDFUL = 3;

    static final String OUTSTANDING =
            "select lane, count(*)::int as jobs from job where dispatch_at is not null and sends > 0 group by lane";

    private static final String OUTSTANDING_OF =
            "select count(*) from (select 1 from job where dispatch_at is not null and sends > 0 and model = ? limit ?) o";

    private static final String SUBMITTED_LATELY =
            "select coalesce(sum(submits), 0)::int from submit_window where second > now() - make_interval(secs => ?)";

    /** Of rows that {@code due} chose and locked, in the order of their {@code place}. */
    static final String TAKE = """
            with due as materialized (
            %s), sent as (
              update job j
              set dispatch_no = j.dispatch_no + 1,
                  sends = least(j.sends + 1, 30),
                  dispatched_at = now(),
                  dispatch_at = now() + least(interval '1 hour', make_interval(secs => ?) * power(2, least(j.sends, 10)))
              from due d
              where j.id = d.id
              returning j.id, j.model, j.lane, j.reference, j.batch_id, j.max_attempts, j.attempt, j.dispatch_no, d.place
            )
            select s.*, p.input, p.labels::text
            from sent s
            cross join lateral (select input, labels from job_payload where job_id = s.id limit 1) p
            order by s.place
            """;

    static final String AGAIN = TAKE.formatted("""
              select id, row_number() over (order by dispatch_at, id) as place
              from (select id, dispatch_at
                    from job
                    where dispatch_at is not null
                      and sends > 0
                      and dispatch_at <= now()
                      and (select stop from batch where batch.id = job.batch_id) is null
                    order by dispatch_at, id
                    limit ?
                    for no key update of job skip locked) d
            """);

    /** As in the claim, {@code dispatch_at is not null} says that a job is queued. */
    static final String RELEASE = """
            with released as (
              select j.id
              from unnest(?::uuid[], ?::integer[]) as c(id, dispatch_no)
              join job j on j.id = c.id
              where j.dispatch_at is not null
                and j.dispatch_no = c.dispatch_no
              order by j.id
              for no key update of j
            )
            update job j
            set dispatch_at = now() + make_interval(secs => ?), sends = 0
            from released r
            where j.id = r.id
            """;

    private static final String SEND_ALL_AGAIN =
            "update job set dispatch_at = now(), sends = 0 where dispatch_at is not null and sends > 0";

    private final Database database;

    DispatchStore(Database database) {
        this.database = database;
    }

    /** A job to be sent: the whole request. */
    public record DueJob(
            UUID id,
            String model,
            Lane lane,
            int maxAttempts,
            int attempt,
            int dispatchNo,
            String input,
            String labels,
            @Nullable String reference,
            @Nullable UUID batchId) {}

    /** How many jobs of a lane may be out at once. */
    @FunctionalInterface
    public interface Window {
        /** Over which submits are counted. */
        Duration LATELY = Duration.ofSeconds(15);

        /**
         * At least 1.
         *
         * @param submittedLately submits that were answered within {@link #LATELY}
         */
        int size(Account account, int submittedLately);
    }

    /**
     * Takes what is due, at most {@code most} rows, interactive first. Each lane has a window of its own, so that bulk never
     * takes an interactive job's room.
     *
     * @param sendAgain when a row that nobody claims is sent again; doubles with each sending, up to an hour
     * @return nothing when another process is dispatching, when submitting is stopped or when the windows are full
     */
    public List<DueJob> take(Window window, int most, Duration sendAgain) {
        return database.inTransaction(connection -> {
            if (!isOurTurn(connection)) {
                return List.of();
            }
            Account account = AccountStore.read(connection, "");
            if (account.hold() != null) {
                return List.of();
            }
            int size = window.size(account, submittedLately(connection));
            Fresh fresh = new Fresh(connection, sendAgain);
            List<DueJob> due = new ArrayList<>(fresh.take(Lane.INTERACTIVE, size, most));
            due.addAll(again(connection, most - due.size(), sendAgain));
            due.addAll(fresh.take(Lane.BULK, size, most - due.size()));
            return due;
        });
    }

    /** What was not sent yet. Of a model in trouble no more than a probe needs: the backlog stays here, not in Kafka. */
    private static final class Fresh {
        private final Connection connection;
        private final Duration sendAgain;
        private final Breakers breakers;
        private final Instant now;
        private final List<Breaker> counting;
        private final List<String> troubled;
        private final Map<Lane, Integer> outstanding;

        Fresh(Connection connection, Duration sendAgain) throws SQLException {
            this.connection = connection;
            this.sendAgain = sendAgain;
            breakers = BreakerStore.read(connection);
            now = breakers.isEmpty() ? Instant.EPOCH : BreakerStore.now(connection);
            List<String> stopped = PriceStopStore.active(connection).stream()
                    .map(PriceStop::model)
                    .toList();
            counting = breakers.models().stream()
                    .filter(model -> !stopped.contains(model.scope()))
                    .toList();
            troubled = Stream.concat(stopped.stream(), counting.stream().map(Breaker::scope))
                    .toList();
            outstanding = outstanding(connection);
        }

        List<DueJob> take(Lane lane, int window, int most) throws SQLException {
            Breaker account = breakers.account();
            int room = Math.min(most, window - outstanding.getOrDefault(lane, 0));
            int left = account == null ? room : Math.min(room, wanted(account) - all());
            BatchTurns batches = new BatchTurns(connection, lane, sendAgain);
            List<DueJob> due = new ArrayList<>(batches.takeBut(troubled, left));
            for (Breaker model : counting) {
                int wanted = account == null
                        ? wanted(model) - outstandingOf(connection, model.scope(), wanted(model))
                        : left - due.size();
                due.addAll(batches.takeOf(List.of(model.scope()), Math.min(wanted, left - due.size())));
            }
            outstanding.merge(lane, due.size(), Integer::sum);
            return due;
        }

        private int wanted(Breaker breaker) {
            return !breaker.isOpen() ? breaker.threshold() : breaker.isDue(now) ? HANDFUL : 0;
        }

        private int all() {
            return outstanding.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    /** Makes jobs due again whose records found no permit. */
    public void release(List<Candidate> candidates, Duration delay) {
        database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, RELEASE)) {
                return bind.array("uuid", candidates, Candidate::jobId)
                        .array("integer", candidates, Candidate::dispatchNo)
                        .seconds(delay)
                        .update();
            }
        });
    }

    /** Makes everything that is out due again: its records are gone. Returns how many. */
    public int sendAllAgain() {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, SEND_ALL_AGAIN)) {
                return bind.update();
            }
        });
    }

    /** Removes what no claim counts any more. */
    public void forgetOldSubmits() {
        database.inTransaction(connection -> {
            try (Bind bind =
                    Bind.of(connection, "delete from submit_window where second < now() - interval '5 minutes'")) {
                return bind.update();
            }
        });
    }

    private static boolean isOurTurn(Connection connection) throws SQLException {
        try (Bind bind = Bind.of(connection, "select pg_try_advisory_xact_lock(?)")) {
            return bind.number(LOCK).row(row -> row.getBoolean(1));
        }
    }

    private static int submittedLately(Connection connection) throws SQLException {
        try (Bind bind = Bind.of(connection, SUBMITTED_LATELY)) {
            return bind.seconds(Window.LATELY).row(row -> row.getInt(1));
        }
    }

    private static Map<Lane, Integer> outstanding(Connection connection) throws SQLException {
        Map<Lane, Integer> outstanding = new EnumMap<>(Lane.class);
        try (Bind bind = Bind.of(connection, OUTSTANDING)) {
            bind.rows(row -> outstanding.put(Lane.of(row.getString("lane")), row.getInt("jobs")));
        }
        return outstanding;
    }

    private static int outstandingOf(Connection connection, String model, int most) throws SQLException {
        try (Bind bind = Bind.of(connection, OUTSTANDING_OF)) {
            return bind.text(model).integer(most).row(row -> row.getInt(1));
        }
    }

    private static List<DueJob> again(Connection connection, int most, Duration sendAgain) throws SQLException {
        if (most <= 0) {
            return List.of();
        }
        try (Bind bind = Bind.of(connection, AGAIN)) {
            return bind.integer(most).seconds(sendAgain).rows(DispatchStore::due);
        }
    }

    static DueJob due(ResultSet row) throws SQLException {
        return new DueJob(
                Bind.uuid(row, "id"),
                row.getString("model"),
                Lane.of(row.getString("lane")),
                row.getInt("max_attempts"),
                row.getInt("attempt"),
                row.getInt("dispatch_no"),
                row.getString("input"),
                row.getString("labels"),
                row.getString("reference"),
                row.getObject("batch_id", UUID.class));
    }
}
