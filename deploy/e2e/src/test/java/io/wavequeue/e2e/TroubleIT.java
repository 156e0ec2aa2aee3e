package io.wavequeue.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.e2e.RunningStack.Part;
import io.wavequeue.simulator.Simulator;
import io.wavequeue.simulator.SimulatorConfig;
import io.wavequeue.simulator.account.LedgerEntry;
import io.wavequeue.simulator.fault.FaultAction;
import io.wavequeue.simulator.fault.FaultPhase;
import io.wavequeue.simulator.fault.FaultRule;
import io.wavequeue.test.DatabaseLink;
import io.wavequeue.test.Servers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two workers under load, and one trouble at a time: the database's replies are lost, the database is away, the workers
 * are replaced. {@code WAVEQUEUE_TEST_LONG=yes} has more jobs and longer troubles.
 */
@TestInstance(Lifecycle.PER_CLASS)
class TroubleIT {
    private static final boolean LONG = "yes".equals(System.getenv("WAVEQUEUE_TEST_LONG"));
    /** Longer than the dead time, which does not count while nobody can beat. */
    private static final Duration AWAY = Duration.ofSeconds(LONG ? 30 : 12);

    private static final int MANY = LONG ? 10_000 : 400;

    private static final int COMMITS = LONG ? 5 : 1;

    private static final int ORPHANS = 12;
    private static final int LOAD = 60;
    private static final int CALLERS = 12;
    private static final Duration MOMENT = Duration.ofSeconds(16);
    /** For all replies to be lost: some are only said after a death. */
    private static final Duration ROUNDS = RunningStack.DEADLINE.multipliedBy(COMMITS);

    private static final String COUNT = """
            select count(*)
            from job j
            join job_payload p on p.job_id = j.id
            where p.input::json ->> 'prompt' like ?
              and %s
            """;

    /** A piece of the SQL that only this kind of transaction runs. */
    private static final Map<String, String> KINDS = Map.ofEntries(
            Map.entry("insert into job (id, status, model", "intake"),
            Map.entry("set dispatch_no = j.dispatch_no + 1", "dispatch"),
            Map.entry("set status = 'submitting'", "claim"),
            Map.entry("set status = h.status", "transition"),
            Map.entry("its worker died while the submit", "doubt"),
            Map.entry("returning j.id, j.attempt, j.tries_from", "adopt"),
            Map.entry("set tries = o.tries + 1", "archive: take"),
            Map.entry("set file = ", "archive: done"),
            Map.entry("set fence = fence + 1, lease_until", "events: take"),
            Map.entry("update event_cursor\nset xid = ", "events: cursor"),
            Map.entry("insert into bill_row", "bill: page"),
            Map.entry("insert into lease", "reconcile: lease"),
            Map.entry("set beat = beat + 1", "heartbeat"));

    private final String databaseUrl = Servers.postgres().newDatabase();
    private final Rows rows = new Rows(databaseUrl);
    private final DatabaseLink link = DatabaseLink.to(databaseUrl);
    private final Simulator provider = Simulator.start(SimulatorConfig.defaults());
    private Path folder;
    private RunningStack stack;

    @BeforeAll
    void start(@TempDir Path folder) {
        this.folder = folder;
        stack = RunningStack.up(folder.resolve("stack"), 2, environment());
        assertThat(stack.parts())
                .as("the provider is another one")
                .extracting(Part::name)
                .doesNotContain("simulator");
    }

    private Map<String, String> environment() {
        Map<String, String> environment = RunningStack.quickTimes();
        // A worker that the tests' machine keeps waiting is not to be taken for dead, nor its submit for lost.
        environment.put("WAVEQUEUE_WORKER_DEAD_AFTER", "12S");
        environment.put("WAVEQUEUE_WORKER_SUBMIT_TIMEOUT", "12S");
        environment.put("DATABASE_URL", link.url());
        environment.put("WAVESPEED_BASE_URL", provider.baseUrl());
        environment.put("WAVEQUEUE_BILL_EVERY", "1S");
        return environment;
    }

    @AfterAll
    void stop() {
        stack.close();
        provider.close();
        link.close();
    }

    @Test
    void shouldSubmitEachJobOnceWhenTwoWorkersShareThousands() {
        provider.set("latency", "instant");
        long began = System.nanoTime();

        enqueue("shared", MANY);

        awaitSucceeded("shared", MANY);
        System.out.printf(
                "%d jobs over two workers: %.1f s from the first POST to the last end%n",
                MANY, (System.nanoTime() - began) / 1e9);
        assertEachWasAcceptedOnce("shared", MANY);
        assertThat(rows.number("select count(distinct a.worker_id) from attempt a where a.status = 'completed'"))
                .as("workers that took part")
                .isGreaterThanOrEqualTo(2);
    }

    @Test
    void shouldLoseNothingAndRepeatNothingWhenTheRepliesToCommitsAreLost() {
        provider.set("latency", "fixed:4000");
        // So that submits are under way when their worker dies, and are doubted.
        provider.order(FaultRule.once(FaultPhase.AFTER_ACCEPT, new FaultAction.Pass())
                .contains("orphan")
                .rate(1)
                .delay(Duration.ofSeconds(2)));
        int jobs = LONG ? 200 : 40;
        KINDS.keySet().forEach(piece -> link.loseCommits(piece, COMMITS));

        enqueue("unheard", jobs);
        int orphans = killWorkersWhileThereIsAReplyToLose();

        awaitSucceeded("unheard", jobs);
        awaitSucceeded("orphan", orphans);
        assertEachWasAcceptedOnce("unheard", jobs);
        assertEachWasAcceptedOnce("orphan", orphans);
        assertThat(link.left().keySet().stream().map(KINDS::get))
                .as("kinds whose replies were not all lost")
                .isEmpty();
    }

    /** What the dead leave is doubted and adopted, by one who then does not hear that it is done. */
    private int killWorkersWhileThereIsAReplyToLose() {
        int orphans = 0;
        long began = System.nanoTime();
        for (int round = 1; !link.left().isEmpty() && System.nanoTime() - began < ROUNDS.toNanos(); round++) {
            enqueue("orphan", orphans, orphans + ORPHANS);
            orphans += ORPHANS;
            Part worker = stack.part("worker-" + (1 + round % 2));
            RunningStack.within(MOMENT, () -> holds(worker, "running") && holds(worker, "submitting"));
            RunningStack.signal(worker.pid(), "KILL");
            RunningStack.await(
                    "it is started again", () -> stack.part(worker.name()).pid() != worker.pid());
            RunningStack.within(MOMENT, () -> link.left().isEmpty());
        }
        return orphans;
    }

    private boolean holds(Part worker, String status) {
        return rows.number(
                        "select count(*) from job j join worker w on w.id = j.worker_id where w.pid = ? and j.status = ?",
                        worker.pid(),
                        status)
                > 0;
    }

    @Test
    void shouldDeclareNobodyDeadAndDoubtNothingWhenTheDatabaseIsAwayForLong() throws InterruptedException {
        provider.set("latency", "fixed:3000");
        long silent = silentWorkers();
        int jobs = LONG ? 400 : 100;
        enqueue("away", jobs / 2);
        RunningStack.await("some run", () -> count("away", "running") >= 10);

        link.cut();
        Thread callers = Thread.ofVirtual().start(() -> enqueue("away", jobs / 2, jobs));
        RunningStack.within(AWAY, () -> false);
        link.mend();
        callers.join();

        awaitSucceeded("away", jobs);
        assertEachWasAcceptedOnce("away", jobs);
        assertThat(silentWorkers()).as("workers declared dead").isEqualTo(silent);
        assertThat(doubted("away")).as("jobs that became uncertain").isZero();
    }

    @Test
    void shouldDoubtNothingWhenTheWorkersAreReplacedOneAfterTheOther() {
        provider.set("latency", "fixed:3000");
        try (RunningStack other = otherBuild()) {
            long silent = silentWorkers();
            int jobs = 0;
            StringBuilder times = new StringBuilder();
            for (String name : List.of("worker-1", "worker-2")) {
                Part worker = stack.part(name);
                enqueue("replaced", jobs, jobs + LOAD);
                jobs += LOAD;
                RunningStack.await("it holds some", () -> holds(worker, "running"));

                RunningStack.signal(worker.pid(), "TERM");

                RunningStack.await("it has ended", () -> hasEnded(worker));
                long ended = System.nanoTime();
                RunningStack.await("others carry its jobs on", () -> !holds(worker, "running"));
                times.append(" %.1f s".formatted((System.nanoTime() - ended) / 1e9));
                RunningStack.await("it is started again", () -> stack.part(name).pid() != worker.pid());
            }
            awaitSucceeded("replaced", jobs);
            System.out.println("running predictions of a stopped worker carried on by others after" + times);
            assertEachWasAcceptedOnce("replaced", jobs);
            assertThat(silentWorkers()).as("workers declared dead").isEqualTo(silent);
            assertThat(doubted("replaced")).as("jobs that became uncertain").isZero();
        }
    }

    /** Beside ours, on the same database, broker and provider, when {@code WAVEQUEUE_TEST_OTHER_BUILD} names its folder. */
    private @Nullable RunningStack otherBuild() {
        String other = System.getenv("WAVEQUEUE_TEST_OTHER_BUILD");
        if (other == null) {
            return null;
        }
        Map<String, String> environment = environment();
        environment.put("KAFKA_BOOTSTRAP_SERVERS", stack.kafka());
        return RunningStack.up(Path.of(other), folder.resolve("other"), 1, environment);
    }

    private boolean hasEnded(Part worker) {
        return rows.number("select count(*) from worker where pid = ? and ended_at is not null", worker.pid()) > 0;
    }

    private void enqueue(String name, int jobs) {
        enqueue(name, 0, jobs);
    }

    private void enqueue(String name, int from, int to) {
        try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
            for (int i = from; i < to; i++) {
                String key = name + "-" + i;
                String body =
                        "{\"model\":\"%s\",\"input\":{\"prompt\":\"%s\",\"duration\":1,\"output_format\":\"mp3\"}}"
                                .formatted(RunningStack.MUSIC, name + " " + i);
                callers.execute(() -> stack.enqueueSurely(key, body));
            }
        }
    }

    private void awaitSucceeded(String name, int jobs) {
        RunningStack.await("all of " + name + " succeed", () -> count(name, "succeeded") == jobs);
        assertThat(rows.number(COUNT.formatted("true"), name + " %")).as("jobs").isEqualTo(jobs);
    }

    private long count(String name, String status) {
        return rows.number(COUNT.formatted("j.status = '" + status + "'"), name + " %");
    }

    private long doubted(String name) {
        return rows.number(
                COUNT.formatted("exists (select 1 from event e where e.job_id = j.id and e.status = 'uncertain')"),
                name + " %");
    }

    private long silentWorkers() {
        return rows.number("select count(*) from worker where end_reason = 'silent'");
    }

    /** By the provider's ledger: as many as there are jobs, no body twice; and its sum is ours. */
    private void assertEachWasAcceptedOnce(String name, int jobs) {
        List<String> bodies = provider.ledger().entries().stream()
                .map(LedgerEntry::body)
                .filter(body -> body.contains("\"" + name + " "))
                .toList();
        assertThat(bodies).hasSize(jobs).doesNotHaveDuplicates();
        assertThat(rows.usd("select sum(charged_usd) from attempt"))
                .isEqualByComparingTo(provider.totals().chargedUsd());
    }
}
