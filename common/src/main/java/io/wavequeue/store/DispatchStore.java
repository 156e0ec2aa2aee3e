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
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes the jobs that are to be sent to Kafka now.
 *
 * <p>A window of them is out at any time: what the account can submit in the next minute or two. The rest waits here. A
 * row's next sending is set before its record is sent, so neither a crash in between nor a lost record loses a job.
 */
@ApplicationScoped
public class DispatchStore {
    /** Serialises the dispatchers of all processes; whoever finds it taken leaves the work to the other. */
    private static final long LOCK = 0x57415645;

    /** Records of a scope whose breaker lets one through: the probe, and another in case that was the last one. */
    private static final int HANDFUL = 3;

    private static final String OUTSTANDING =
            "select count(*) from (select 1 from job where status = 'queued' and sends > 0 limit ?) o";

    private static final String OUTSTANDING_OF =
            "select count(*) from (select 1 from job where status = 'queued' and sends > 0 and model = ? limit ?) o";

    private static final String TAKE = """
            with due as (
              select id
              from job
              where status = 'queued'
                and %s
                and dispatch_at <= now()
              order by dispatch_at, id
              limit ?
              for update skip locked
            )
            update job j
            set dispatch_no = j.dispatch_no + 1,
                sends = least(j.sends + 1, 30),
                dispatch_at = now() + least(interval '1 hour', make_interval(secs => ?) * power(2, least(j.sends, 10)))
            from due d, job_payload p
            where j.id = d.id
              and p.job_id = j.id
            returning j.id, j.model, j.lane, j.reference, j.batch_id, j.attempt, j.dispatch_no, p.input, p.labels::text
            """;

    private static final String AGAIN = TAKE.formatted("sends > 0");
    private static final String FRESH = TAKE.formatted("sends = 0 and lane = ? and model <> all(?::text[])");
    private static final String FRESH_OF = TAKE.formatted("sends = 0 and lane = ? and model = any(?::text[])");

    /** As in the claim, {@code dispatch_at is not null} says that a job is queued. */
    static final String RELEASE = """
            with released as (
              select j.id
              from unnest(?::uuid[], ?::integer[]) as c(id, dispatch_no)
              join job j on j.id = c.id
              where j.dispatch_at is not null
                and j.dispatch_no = c.dispatch_no
              order by j.id
              for update of j
            )
            update job j
            set dispatch_at = now() + make_interval(secs => ?), sends = 0
            from released r
            where j.id = r.id
            """;

    private static final String SEND_ALL_AGAIN =
            "update job set dispatch_at = now(), sends = 0 where status = 'queued' and sends > 0";

    private final Database database;

    DispatchStore(Database database) {
        this.database = database;
    }

    /** A job to be sent: the whole request. */
    public record DueJob(
            UUID id,
            String model,
            Lane lane,
            int attempt,
            int dispatchNo,
            String input,
            String labels,
            @Nullable String reference,
            @Nullable UUID batchId) {}

    /** How many jobs may be out at once, by the account's limits. */
    @FunctionalInterface
    public interface Window {
        int size(Account account);
    }

    /**
     * Takes what is due, at most {@code most} rows, interactive first.
     *
     * @param sendAgain when a row that nobody claims is sent again; doubles with each sending, up to an hour
     * @return nothing when another process is dispatching, when submitting is stopped or when the window is full
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
            int size = window.size(account);
            List<DueJob> due = new ArrayList<>(again(connection, most, sendAgain));
            int room = Math.min(most - due.size(), size - outstanding(connection, size));
            due.addAll(fresh(connection, room, sendAgain));
            return due;
        });
    }

    /** Of a model in trouble no more than a probe needs: the backlog stays here, not in Kafka. */
    private static List<DueJob> fresh(Connection connection, int room, Duration sendAgain) throws SQLException {
        Breakers breakers = BreakerStore.read(connection);
        Instant now = breakers.isEmpty() ? Instant.EPOCH : BreakerStore.now(connection);
        Breaker account = breakers.account();
        int left = account == null ? room : Math.min(room, wanted(account, now) - outstanding(connection, HANDFUL));
        List<String> stopped =
                PriceStopStore.active(connection).stream().map(PriceStop::model).toList();
        List<Breaker> models = breakers.models().stream()
                .filter(model -> !stopped.contains(model.scope()))
                .toList();
        List<String> troubled = Stream.concat(stopped.stream(), models.stream().map(Breaker::scope))
                .toList();
        List<DueJob> due = new ArrayList<>(take(connection, FRESH, troubled, left, sendAgain));
        for (Breaker model : models) {
            int wanted = account == null
                    ? wanted(model, now) - outstandingOf(connection, model.scope(), wanted(model, now))
                    : left - due.size();
            int most = Math.min(wanted, left - due.size());
            due.addAll(take(connection, FRESH_OF, List.of(model.scope()), most, sendAgain));
        }
        return due;
    }

    private static int wanted(Breaker breaker, Instant now) {
        return !breaker.isOpen() ? breaker.threshold() : breaker.isDue(now) ? HANDFUL : 0;
    }

    private static List<DueJob> take(
            Connection connection, String sql, List<String> models, int room, Duration sendAgain) throws SQLException {
        List<DueJob> due = new ArrayList<>();
        for (Lane lane : Lane.values()) {
            if (room > due.size()) {
                try (Bind bind = Bind.of(connection, sql)) {
                    due.addAll(bind.text(lane.code())
                            .array("text", models, model -> model)
                            .integer(room - due.size())
                            .seconds(sendAgain)
                            .rows(DispatchStore::due));
                }
            }
        }
        return due;
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

    private static int outstanding(Connection connection, int most) throws SQLException {
        try (Bind bind = Bind.of(connection, OUTSTANDING)) {
            return bind.integer(most).row(row -> row.getInt(1));
        }
    }

    private static int outstandingOf(Connection connection, String model, int most) throws SQLException {
        try (Bind bind = Bind.of(connection, OUTSTANDING_OF)) {
            return bind.text(model).integer(most).row(row -> row.getInt(1));
        }
    }

    private static List<DueJob> again(Connection connection, int most, Duration sendAgain) throws SQLException {
        try (Bind bind = Bind.of(connection, AGAIN)) {
            return bind.integer(most).seconds(sendAgain).rows(DispatchStore::due);
        }
    }

    private static DueJob due(ResultSet row) throws SQLException {
        return new DueJob(
                Bind.uuid(row, "id"),
                row.getString("model"),
                Lane.of(row.getString("lane")),
                row.getInt("attempt"),
                row.getInt("dispatch_no"),
                row.getString("input"),
                row.getString("labels"),
                row.getString("reference"),
                row.getObject("batch_id", UUID.class));
    }
}
