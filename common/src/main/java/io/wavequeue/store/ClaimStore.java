package io.wavequeue.store;

import io.wavequeue.job.Account;
import io.wavequeue.job.Breaker;
import io.wavequeue.job.Breakers;
import io.wavequeue.job.HoldReason;
import io.wavequeue.job.Lane;
import io.wavequeue.job.PriceStop;
import io.wavequeue.store.BreakerGate.Pass;
import io.wavequeue.store.BreakerGate.UnderWay;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The claim: one transaction over permits, budget and jobs.
 *
 * <p>It locks the account's row, the day's budget row, the jobs, skipping those that somebody else has locked, and then the rows
 * of their batches in id order. It takes exactly as many as all of them allow. So there is nothing to give back, and two
 * workers can never both see the last place free.
 */
@ApplicationScoped
public class ClaimStore {
    private static final String BUDGET = """
            insert into budget_day as b (day)
            values ((now() at time zone 'UTC')::date)
            on conflict (day) do update set committed_usd = b.committed_usd
            returning committed_usd
            """;

    /**
     * A queued job is one that is due at some time: said like this, only those that are named are read (ADR 0013). The lock lets
     * rows be added that refer to the job: who chooses many jobs for an operation does not keep them from being claimed.
     */
    static final String LOCK_JOBS = """
            select j.id, j.model, j.batch_id, j.tries_from + j.max_attempts as max_attempts, j.attempt, j.dispatch_no,
                   round(j.reserve_usd * coalesce(f.factor, 1), 6) as reserve_usd,
                   coalesce(j.replayed_at, j.created_at) as created_at, p.input
            from unnest(?::uuid[], ?::integer[], ?::integer[]) as c(id, attempt, dispatch_no)
            join job j on j.id = c.id
            join job_payload p on p.job_id = j.id
            left join price_factor f on f.model = j.model
            where j.dispatch_at is not null
              and j.attempt = c.attempt
              and j.dispatch_no = c.dispatch_no
            order by j.id
            for no key update of j skip locked
            """;

    private static final String TAKE = """
            with taken as (
              select * from unnest(?::uuid[], ?::uuid[]) as t(id, webhook_token)
            ), claimed as (
              update job j
              set status = 'submitting', attempt = j.attempt + 1, fence = ?, worker_id = ?, version = j.version + 1,
                  dispatch_at = null, sends = 0, updated_at = now(),
                  error_class = null, error_message = null, error_retryable = null
              from taken t
              where j.id = t.id
              returning j.id, j.model, j.batch_id, j.attempt, j.estimated_usd, j.reserve_usd, t.webhook_token
            ), priced as (
              select c.id, c.batch_id, c.attempt, c.webhook_token,
                     round(c.estimated_usd * coalesce(f.factor, 1), 6) as price_usd,
                     round(c.reserve_usd * coalesce(f.factor, 1), 6) as reserve_usd
              from claimed c
              left join price_factor f on f.model = c.model
            ), attempted as (
              insert into attempt (job_id, number, status, worker_id, price_usd, reserved_usd, budget_day,
                                   webhook_token)
              select id, attempt, 'submitting', ?, price_usd, coalesce(reserve_usd, 0),
                     (now() at time zone 'UTC')::date, webhook_token
              from priced
            ), budget_change as (
              select batch_id, (now() at time zone 'UTC')::date as budget_day, coalesce(reserve_usd, 0) as change_usd
              from priced
            ), %s
            select count(*) from claimed
            """.formatted(Committed.MOVED);

    private static final String READ_BACK = """
            select j.id, j.model, j.batch_id, j.tries_from + j.max_attempts as max_attempts, j.attempt - 1 as attempt,
                   j.dispatch_no, j.reserve_usd, coalesce(j.replayed_at, j.created_at) as created_at,
                   p.input, a.webhook_token
            from job j
            join attempt a on a.job_id = j.id and a.number = j.attempt
            join job_payload p on p.job_id = j.id
            where j.worker_id = ?
              and j.fence = ?
              and j.status = 'submitting'
            """;

    private static final String UNKNOWN = """
            select c.id
            from unnest(?::uuid[]) as c(id)
            where not exists (select 1 from job j where j.id = c.id)
            """;

    /** A submit ends within minutes. An older row is one that its worker lost; it must not keep a breaker from probing. */
    private static final String UNDER_WAY = """
            select j.model, (count(*) filter (where a.status = 'submitting'))::int as submits,
                   bool_or(a.status = 'accepted') as answered
            from attempt a
            join job j on j.id = a.job_id
            where (a.status = 'submitting' and a.claimed_at > now() - interval '10 minutes')
               or (a.status = 'accepted' and a.accepted_at > now() - interval '5 seconds')
            group by j.model
            """;

    private static final String ANOTHER_WAITS = """
            select exists (select 1
                           from job
                           where status = 'queued'
                             and id <> ?
                             and (? = '*' or model = ?)
                             and (sends > 0 or dispatch_at <= now())
                             and not exists (select 1 from price_stop s where s.model = job.model and s.lifted_at is null))
            """;

    private final Database database;

    ClaimStore(Database database) {
        this.database = database;
    }

    /** What a record names: the job, its attempt so far and the number of the dispatch. */
    public record Candidate(UUID jobId, int attempt, int dispatchNo) {}

    /**
     * A job that the worker may submit now. The row's input is the truth, not the record's.
     *
     * @param webhookToken of this submit and no other; null = webhooks are off
     * @param pacedSince the last decrease of the account's pace when it was granted; null = there was none
     */
    public record ClaimedJob(
            UUID jobId,
            long fence,
            int attempt,
            int maxAttempts,
            String model,
            String input,
            Instant createdAt,
            @Nullable UUID webhookToken,
            @Nullable Instant pacedSince) {}

    /**
     * What became of the candidates; those in no list claim nothing: they are held for a budget or the price, their batch is
     * stopped, they were claimed before, or their record is an old one.
     *
     * @param waiting those that found no permit
     * @param stopped those that a breaker lets not through: no use in waiting for a permit
     * @param troubled scopes whose breaker is open or counting
     * @param throttledFor how long nobody is granted anything, since the provider asked us to wait
     */
    public record ClaimResult(
            List<ClaimedJob> claimed,
            List<Candidate> waiting,
            List<Candidate> stopped,
            Set<String> troubled,
            Duration throttledFor) {
        public ClaimResult(List<ClaimedJob> claimed, List<Candidate> waiting) {
            this(claimed, waiting, List.of(), Set.of(), Duration.ZERO);
        }
    }

    private record Row(
            UUID id,
            String model,
            @Nullable UUID batchId,
            int maxAttempts,
            int attempt,
            int dispatchNo,
            @Nullable BigDecimal reserveUsd,
            Instant createdAt,
            String input) {
        Candidate candidate() {
            return new Candidate(id, attempt, dispatchNo);
        }

        BreakerGate.Waiting waiting() {
            return new BreakerGate.Waiting(id, model, reserveUsd);
        }

        JobHold held(String message, boolean byBatch) {
            return new JobHold(id, HoldReason.BUDGET, message, byBatch);
        }

        ClaimedJob claimed(long fence, @Nullable UUID webhookToken, Account account) {
            Instant pacedSince = account.pace() == null ? null : account.pace().since();
            return new ClaimedJob(
                    id, fence, attempt + 1, maxAttempts, model, input, createdAt, webhookToken, pacedSince);
        }
    }

    /**
     * Claims as many of the candidates, in their order, as permits, budget and capacity allow.
     *
     * @param fence a token of its own for this claim, so that a lost commit reply can be settled by reading back
     * @param lane theirs; a bulk claim leaves permits to interactive jobs that wait
     * @param capacity how many the worker can submit at once
     * @param caution what the worker knows of the models' health
     * @param withTokens whether each submit gets a token for its webhook
     */
    public ClaimResult claim(
            UUID workerId,
            long fence,
            Lane lane,
            int capacity,
            List<Candidate> candidates,
            Caution caution,
            boolean withTokens) {
        return database.inTransaction(connection ->
                new Claim(connection, workerId, fence, lane, caution, withTokens).run(capacity, candidates));
    }

    /** The same, of bulk jobs, without webhooks. */
    public ClaimResult claim(UUID workerId, long fence, int capacity, List<Candidate> candidates, Caution caution) {
        return claim(workerId, fence, Lane.BULK, capacity, candidates, caution, false);
    }

    /** The same, by a worker that trusts every model. */
    public ClaimResult claim(UUID workerId, long fence, int capacity, List<Candidate> candidates) {
        return claim(workerId, fence, capacity, candidates, Caution.NONE);
    }

    /** The jobs that a claim with this fence took, when its commit's reply was lost. */
    public List<ClaimedJob> readBack(UUID workerId, long fence) {
        return database.inTransaction(connection -> {
            // A claim whose commit is still under way holds this row: after it, the outcome is known.
            Account account = AccountStore.read(connection, "for update");
            try (Bind bind = Bind.of(connection, READ_BACK)) {
                return bind.uuid(workerId).number(fence).rows(row -> row(row).claimed(
                                fence, row.getObject("webhook_token", UUID.class), account));
            }
        });
    }

    /** Those of the jobs that are not in this database. */
    public Set<UUID> unknown(Collection<UUID> jobs) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, UNKNOWN)) {
                return new HashSet<>(bind.array("uuid", jobs, job -> job).rows(row -> Bind.uuid(row, "id")));
            }
        });
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                Bind.uuid(row, "id"),
                row.getString("model"),
                row.getObject("batch_id", UUID.class),
                row.getInt("max_attempts"),
                row.getInt("attempt"),
                row.getInt("dispatch_no"),
                row.getBigDecimal("reserve_usd"),
                Bind.instant(row, "created_at"),
                row.getString("input"));
    }

    /** Submits under way, by model. */
    static Map<String, UnderWay> underWay(Connection connection) throws SQLException {
        try (Bind bind = Bind.of(connection, UNDER_WAY)) {
            return bind.rows(UnderWay::of).stream().collect(Collectors.toMap(UnderWay::model, Function.identity()));
        }
    }

    private record Claim(
            Connection connection, UUID workerId, long fence, Lane lane, Caution caution, boolean withTokens) {
        /** Looks at no more candidates than it takes to fill the permits, but at all where a breaker, or a model that is not proven, decides who goes. */
        ClaimResult run(int capacity, List<Candidate> candidates) throws SQLException {
            Account account = AccountStore.read(connection, "for update");
            Permits counted = Permits.count(connection, workerId, account.pace());
            int wanted = Math.min(capacity, candidates.size());
            int free = counted.free(account, Integer.MAX_VALUE);
            int permits = Math.min(wanted, LanePriority.share(connection, lane, free, wanted, caution));
            if (permits <= 0) {
                return new ClaimResult(List.of(), candidates, List.of(), Set.of(), counted.throttledFor(account));
            }
            BigDecimal committed = committedToday();
            Breakers breakers = BreakerStore.read(connection);
            boolean anyMayGo = breakers.isEmpty();
            List<Row> locked = new ArrayList<>();
            int asked = 0;
            while (asked < candidates.size() && (locked.size() < permits || !anyMayGo)) {
                int next = anyMayGo ? Math.min(candidates.size(), asked + permits - locked.size()) : candidates.size();
                List<Row> some = lock(candidates.subList(asked, next));
                anyMayGo &= some.stream().allMatch(row -> caution.isProven(row.model()));
                locked.addAll(some);
                asked = next;
            }
            BatchGate batches = BatchGate.lock(connection, batches(locked));
            Map<Candidate, Row> rows = new HashMap<>();
            List<JobHold> held = new ArrayList<>();
            Map<String, PriceStop> stops = PriceStopStore.active(connection).stream()
                    .collect(Collectors.toMap(PriceStop::model, stop -> stop));
            for (Row row : locked) {
                PriceStop stop = stops.get(row.model());
                if (batches.isStopped(row.batchId())) {
                    continue;
                }
                if (stop == null) {
                    rows.put(row.candidate(), row);
                } else {
                    held.add(row.held(stop.message(), false));
                }
            }
            BreakerGate gate = gate(breakers, rows.values());
            List<ClaimedJob> taken = new ArrayList<>();
            List<Candidate> waiting = new ArrayList<>();
            List<Candidate> stopped = new ArrayList<>();
            for (Candidate candidate : candidates.subList(0, asked)) {
                Row row = rows.remove(candidate);
                if (row == null) {
                    continue;
                }
                Pass pass = gate.ask(row.waiting());
                String refusal = pass == Pass.BACK ? null : batches.refusal(row.batchId(), row.reserveUsd());
                if (pass == Pass.BACK) {
                    stopped.add(candidate);
                } else if (refusal != null) {
                    held.add(row.held(refusal, true));
                } else if (!isAffordable(row, committed, account.dailyBudgetUsd())) {
                    BigDecimal budget = Objects.requireNonNull(account.dailyBudgetUsd());
                    held.add(row.held(budgetMessage(row, committed, budget), false));
                } else if (pass == Pass.WAIT || taken.size() == permits) {
                    waiting.add(candidate);
                } else {
                    // Drawn by a strong generator, 122 bits.
                    taken.add(row.claimed(fence, withTokens ? UUID.randomUUID() : null, account));
                    gate.taken(row.waiting());
                    batches.taken(row.batchId(), row.reserveUsd());
                    committed = committed.add(row.reserveUsd() == null ? BigDecimal.ZERO : row.reserveUsd());
                }
            }
            waiting.addAll(candidates.subList(asked, candidates.size()));
            take(taken);
            JobHold.write(connection, held);
            BatchFollowStore.again(connection, batches.exhausted());
            BreakerStore.write(connection, breakers, gate.after());
            return new ClaimResult(taken, waiting, stopped, breakers.scopes(), Duration.ZERO);
        }

        private static List<UUID> batches(List<Row> rows) {
            return rows.stream()
                    .flatMap(row -> Stream.ofNullable(row.batchId()))
                    .distinct()
                    .toList();
        }

        private BreakerGate gate(Breakers breakers, Collection<Row> rows) throws SQLException {
            boolean free = breakers.isEmpty() && rows.stream().allMatch(row -> caution.isProven(row.model()));
            if (free) {
                return new BreakerGate(breakers, Map.of(), caution, Instant.EPOCH);
            }
            BreakerGate gate = new BreakerGate(breakers, underWay(connection), caution, BreakerStore.now(connection));
            gate.choose(rows.stream().map(Row::waiting).toList());
            for (Breaker repeated : gate.repeated()) {
                if (doesAnotherWait(repeated)) {
                    gate.noProbe(repeated);
                }
            }
            return gate;
        }

        private boolean doesAnotherWait(Breaker breaker) throws SQLException {
            try (Bind bind = Bind.of(connection, ANOTHER_WAITS)) {
                return bind.uuid(breaker.lastJobId())
                        .text(breaker.scope())
                        .text(breaker.scope())
                        .row(row -> row.getBoolean(1));
            }
        }

        private BigDecimal committedToday() throws SQLException {
            try (Bind bind = Bind.of(connection, BUDGET)) {
                return bind.row(row -> row.getBigDecimal(1));
            }
        }

        private List<Row> lock(List<Candidate> candidates) throws SQLException {
            try (Bind bind = Bind.of(connection, LOCK_JOBS)) {
                return bind.array("uuid", candidates, Candidate::jobId)
                        .array("integer", candidates, Candidate::attempt)
                        .array("integer", candidates, Candidate::dispatchNo)
                        .rows(ClaimStore::row);
            }
        }

        /** Without a budget everything is; with one, a price that nobody knows cannot be reserved. */
        private static boolean isAffordable(Row row, BigDecimal committed, @Nullable BigDecimal budget) {
            return budget == null
                    || (row.reserveUsd() != null
                            && committed.add(row.reserveUsd()).compareTo(budget) <= 0);
        }

        private void take(List<ClaimedJob> jobs) throws SQLException {
            if (jobs.isEmpty()) {
                return;
            }
            try (Bind bind = Bind.of(connection, TAKE)) {
                bind.array("uuid", jobs, ClaimedJob::jobId)
                        .array("uuid", jobs, ClaimedJob::webhookToken)
                        .number(fence)
                        .uuid(workerId)
                        .uuid(workerId)
                        .row(row -> row.getLong(1));
            }
        }

        private static String budgetMessage(Row row, BigDecimal committed, BigDecimal budget) {
            String need = row.reserveUsd() == null
                    ? "has no known price"
                    : "needs " + row.reserveUsd().toPlainString();
            return "%s: USD %s of the daily budget of USD %s are committed and this job %s; raise daily_budget_usd by PATCH /v1/account or wait for the next UTC day"
                    .formatted(HoldReason.BUDGET.code(), committed.toPlainString(), budget.toPlainString(), need);
        }
    }
}
