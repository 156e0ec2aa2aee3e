package io.wavequeue.store;

import io.wavequeue.job.BatchStop;
import io.wavequeue.job.BillRow;
import io.wavequeue.job.JobStatus;
import io.wavequeue.job.Lane;
import io.wavequeue.job.Transition;
import io.wavequeue.job.Transition.AttemptChange;
import io.wavequeue.job.Transition.Next;
import io.wavequeue.job.Transition.Observation;
import io.wavequeue.store.ArchiveStore.ArchivedFile;
import io.wavequeue.store.ArchiveStore.DueOutput;
import io.wavequeue.store.ArchiveStore.Filed;
import io.wavequeue.store.BillStore.Lease;
import io.wavequeue.store.BillStore.Patience;
import io.wavequeue.store.ClaimStore.Candidate;
import io.wavequeue.store.ClaimStore.ClaimedJob;
import io.wavequeue.store.RetentionStore.Keeping;
import io.wavequeue.store.RetentionStore.Place;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What runs all the time, through the stores that do it. */
final class Probes {
    private static final int JOBS = 100;
    private static final int OF_A_BATCH = 1_000;
    private static final Duration LEASE = Duration.ofMinutes(3);
    private static final Patience PATIENCE = new Patience(Duration.ofHours(3), Duration.ofMinutes(10));

    /** Old enough are those of the first ten days. */
    private static final Keeping KEEPING = new Keeping(
            Duration.ofDays(80), Duration.ofDays(80), Duration.ofDays(80), Duration.ofDays(7), Duration.ofDays(400));

    private final StoreFixture store;
    private final BillStore bill;
    private @Nullable Place place;

    private Probes(StoreFixture store) {
        this.store = store;
        this.bill = new BillStore(store.database);
    }

    static List<Probe> of(StoreFixture store) {
        return new Probes(store).all();
    }

    private List<Probe> all() {
        return List.of(
                Probe.plain("enqueue", () -> store.enqueue(JOBS, Lane.BULK)),
                Probe.of("dispatch_take", () -> {
                    store.enqueue(JOBS, Lane.BULK);
                    return () -> store.dispatch.take((account, lately) -> 100_000, JOBS, StoreFixture.SEND_AGAIN);
                }),
                Probe.of("claim", () -> {
                    List<Candidate> due = due();
                    return () -> claim(due);
                }),
                Probe.of("accept", () -> {
                    List<ClaimedJob> jobs = claim(due());
                    return () -> accept(jobs);
                }),
                Probe.of("settle", () -> {
                    List<ClaimedJob> jobs = claim(due());
                    accept(jobs);
                    return () -> succeed(jobs);
                }),
                Probe.plain("archive_take", () -> store.archive.take(store.worker, JOBS, LEASE)),
                Probe.of("archived", () -> {
                    List<ClaimedJob> jobs = claim(due());
                    accept(jobs);
                    succeed(jobs);
                    List<DueOutput> outputs = store.archive.take(store.worker, JOBS, LEASE);
                    return () -> archived(outputs);
                }),
                Probe.plain("events_read", () -> store.events.take(1_000, Duration.ZERO)),
                Probe.plain(
                        "events_publish",
                        () -> store.events.take(1_000, LEASE).ifPresent(batch -> store.events.published(batch))),
                Probe.plain("events_forget", () -> store.events.forget(Duration.ofHours(23), 1_000)),
                Probe.plain("hold_follow", () -> store.holds.follow(2_000)),
                Probe.of("batch_hold_follow", () -> {
                    UUID batch = store.batch(OF_A_BATCH, null);
                    store.stops.change(batch, BatchStop.PAUSED);
                    return () -> store.follows.follow(batch, 2_000);
                }),
                Probe.plain(
                        "batch_counts",
                        () -> store.batches.find(UUID.fromString("00000000-0000-0000-0000-000000000005"))),
                Probe.plain("batches_newest", () -> store.batches.newest(null, null, 20)),
                Probe.plain("account_use", store.accounts::use),
                Probe.of("bill_page", () -> {
                    Lease lease = lease();
                    List<BillRow> lines = lines();
                    return () -> bill.keep(lease, lines, Instant.now(), PATIENCE);
                }),
                Probe.of("bill_to_end", () -> {
                    Lease lease = lease();
                    return () -> bill.readToEnd(lease, Duration.ofMinutes(10), PATIENCE);
                }),
                Probe.plain("bill_state", bill::state),
                Probe.plain("adopt", () -> store.workers.adopt(store.worker, store.fences.next(), JOBS)),
                Probe.plain("doubt", () -> store.workers.doubt(store.fences.next(), JOBS)),
                Probe.plain("damaged", () -> store.workers.damaged(JOBS)),
                Probe.plain("uncertain", () -> store.doubts.uncertain(1_000)),
                Probe.plain("lookout_take", () -> store.lookouts.take(16, LEASE)),
                list("list_newest", "p", ""),
                list("list_succeeded", "p", "j.status in ('succeeded')"),
                list("list_failed", "j", "j.status in ('failed')"),
                list("list_running", "j", "j.status in ('running')"),
                list("list_model", "p", "p.model = 'lab/model-3'"),
                list("list_failed_of_model", "j", "j.status in ('failed') and j.model = 'lab/model-3'"),
                list("list_batch", "j", "j.batch_id = '00000000-0000-0000-0000-000000000005'"),
                list("list_error_class", "j", "j.error_class = 'provider_error'"),
                list("list_rare_error_class", "j", "j.error_class = 'moderated'"),
                list("list_reference", "p", "p.reference = 'cue_77'"),
                list("list_label_rare", "p", "p.labels @> '{\"scene\":\"s77\"}'::jsonb"),
                list("list_label_common", "p", "p.labels @> '{\"category\":\"c7\"}'::jsonb"),
                list("list_label_unknown", "p", "p.labels @> '{\"scene\":\"nowhere\"}'::jsonb"),
                list(
                        "list_created_between",
                        "p",
                        "p.created_at > now() - interval '40 days' and p.created_at < now() - interval '39 days'"),
                list(
                        "list_deep_page",
                        "p",
                        "(p.created_at, p.job_id) < (now() - interval '45 days', '00000000-0000-0000-0000-000000000000')"),
                Probe.plain("retention_jobs", this::retain),
                Probe.plain(
                        "retention_kept",
                        () -> store.retention.remove(
                                RetentionRule.BATCHES,
                                KEEPING,
                                new Place(Instant.EPOCH, "00000000-0000-0000-0000-000000000000"),
                                JOBS)),
                Probe.plain(
                        "retention_media",
                        () -> store.retention.remove(
                                RetentionRule.MEDIA,
                                new Keeping(null, null, Duration.ofNanos(1), null, null),
                                null,
                                JOBS)),
                Probe.once("costs_by_model", () -> store.texts(COSTS)));
    }

    /** As {@code CostViews} asks. */
    private static final String COSTS = """
            select key, sum(jobs), sum(estimated_usd), sum(charged_usd), sum(refunded_usd)
            from (select j.model as key, count(*) as jobs, sum(j.estimated_usd) as estimated_usd,
                         null::numeric as charged_usd, null::numeric as refunded_usd
                  from job j
                  group by 1
                  union all
                  select j.model, 0, null, sum(a.charged_usd), sum(a.refunded_usd)
                  from attempt a
                  join job j on j.id = a.job_id
                  where a.charged_usd is not null or a.refunded_usd is not null
                  group by 1
                  union all
                  select j.model, jobs, estimated_usd, charged_usd, refunded_usd
                  from past_jobs j) s
            group by 1
            """;

    /** As {@code JobRepository} has Hibernate ask, with the API's connections. */
    private Probe list(String name, String by, String where) {
        String id = by.equals("p") ? "p.job_id" : "j.id";
        String sql = """
                select j.*
                from job j
                join job_payload p on p.job_id = j.id
                %s
                order by %s.created_at desc, %s desc
                fetch first 51 rows only
                """.formatted(where.isEmpty() ? "" : "where " + where, by, id);
        return Probe.plain(name, () -> store.textsByBitmap(sql));
    }

    private List<Candidate> due() {
        store.enqueue(JOBS, Lane.BULK);
        return store.dispatch.take((account, lately) -> 100_000, JOBS, StoreFixture.SEND_AGAIN).stream()
                .map(job -> new Candidate(job.id(), job.attempt(), job.dispatchNo()))
                .toList();
    }

    private List<ClaimedJob> claim(List<Candidate> due) {
        return store.claims.claim(store.worker, store.fences.next(), JOBS, due).claimed();
    }

    private void accept(List<ClaimedJob> jobs) {
        apply(jobs, JobStatus.SUBMITTING, new Next.Running());
    }

    private void succeed(List<ClaimedJob> jobs) {
        apply(jobs, JobStatus.RUNNING, new Next.Succeeded(List.of("https://cdn.lab.example/a.wav")));
    }

    private void apply(List<ClaimedJob> jobs, JobStatus expected, Next next) {
        store.transitions.apply(jobs.stream()
                .map(job -> new Transition(
                        job.jobId(),
                        job.fence(),
                        expected,
                        next,
                        expected == JobStatus.SUBMITTING
                                ? new AttemptChange.Accepted(UUID.randomUUID().toString(), Instant.now())
                                : new AttemptChange.Ended(null, new Observation(2, 900, 100)),
                        Instant.now()))
                .toList());
    }

    private void archived(List<DueOutput> outputs) {
        store.archive.archived(
                outputs.stream()
                        .map(output -> new Filed(
                                output, new ArchivedFile("day/" + output.id() + ".wav", "audio/wav", 1_000, "ab")))
                        .toList(),
                true);
    }

    private Lease lease() {
        store.execute("update bill_cursor set due_at = now(), holder = null, lease_until = null");
        return bill.lease(UUID.randomUUID(), LEASE).orElseThrow();
    }

    /** Of predictions of ours that are not billed yet, and in the form of the provider's ids. */
    private List<BillRow> lines() {
        return store.texts("""
                        select a.prediction_id from attempt a
                        where a.claimed_at > now() - interval '1 hour' and a.status in ('completed', 'accepted')
                          and a.job_id in (select job_id from job_payload order by created_at desc, job_id desc limit 2000)
                        limit 100
                        """).stream()
                .map(id -> new BillRow(
                        UUID.randomUUID().toString(),
                        id,
                        "m",
                        BillRow.Kind.DEDUCT,
                        new BigDecimal("0.0217"),
                        Instant.now(),
                        true))
                .toList();
    }

    private void retain() {
        place = store.retention
                .remove(RetentionRule.JOBS, KEEPING, place, JOBS)
                .orElseThrow()
                .next();
    }
}
