package io.wavequeue.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A process dies, or is stopped for longer than the others wait, at a named moment; then every job ends once, by the
 * provider's ledger. A few points run always, all of them with {@code WAVEQUEUE_TEST_KILL_POINTS=all}, and those it
 * names, separated by commas.
 */
@TestInstance(Lifecycle.PER_CLASS)
class KillPointIT {
    private static final int JOBS = 12;
    private static final List<String> ALWAYS = List.of("submit.sent", "submit.sent stop");
    private static final List<String> ALL = List.of(
            "intake.before",
            "intake.after",
            "dispatch.before",
            "dispatch.taken",
            "dispatch.sent",
            "claim.before",
            "claim.after",
            "submit.before",
            "submit.sent",
            "submit.after",
            "record.before",
            "record.committed",
            "record.after",
            "poll.before",
            "poll.after",
            "settle.before",
            "settle.after",
            "archive.before",
            "archive.fetched",
            "archive.after",
            "reconcile.before",
            "reconcile.after",
            "doubt.before",
            "doubt.after",
            "adopt.before",
            "adopt.after",
            "publish.before",
            "publish.taken",
            "publish.sent",
            "publish.after",
            "bill.before",
            "bill.after",
            "claim.before stop",
            "claim.after stop",
            "submit.sent stop",
            "submit.after stop",
            "record.before stop",
            "record.after stop",
            "poll.before stop",
            "poll.after stop",
            "settle.before stop",
            "settle.after stop",
            "archive.before stop",
            "archive.fetched stop",
            "archive.after stop",
            "intake.before stop",
            "intake.after stop",
            "dispatch.before stop",
            "dispatch.taken stop",
            "dispatch.sent stop",
            "publish.before stop",
            "publish.taken stop",
            "publish.sent stop",
            "publish.after stop",
            "reconcile.before stop",
            "doubt.after stop",
            "adopt.after stop",
            "bill.before stop");

    private static final Duration STOPPED_FOR = Duration.ofSeconds(20);

    private static final List<String> TABLE = new ArrayList<>();

    private Path order;
    private RunningStack stack;
    private int round;

    @BeforeAll
    void start(@TempDir Path folder) {
        order = folder.resolve("killpoint");
        Map<String, String> environment = RunningStack.servers();
        environment.putAll(RunningStack.quickTimes());
        environment.put("WAVEQUEUE_JAVA_OPTS", "-Dkillpoint=" + order);
        environment.put("WAVEQUEUE_BILL_EVERY", "1S");
        stack = RunningStack.up(folder.resolve("data"), 2, environment);
        stack.configureSimulator("{\"latency\":\"fixed:300\"}");
    }

    @AfterAll
    void stop() {
        stack.close();
        System.out.println(
                "| at | jobs | accepted | charged USD | ours USD | tries proved not created | ended after s |");
        TABLE.forEach(System.out::println);
    }

    static Stream<String> points() {
        String wanted = System.getenv().getOrDefault("WAVEQUEUE_TEST_KILL_POINTS", "");
        return switch (wanted) {
            case "" -> ALWAYS.stream();
            case "all" -> ALL.stream();
            default -> Stream.of(wanted.split(","));
        };
    }

    @ParameterizedTest
    @MethodSource("points")
    void shouldEndEveryJobOnceWhenAProcessEndsAt(String point) throws IOException {
        // Whoever the last round ended; and only what is ready is in the list of those that are woken.
        RunningStack.await("all are up", stack::isAllReady);
        long began = System.nanoTime();
        int acceptedBefore = totals().path("accepted").asInt();
        int twiceBefore = twice();
        BigDecimal chargedBefore = totals().path("charged_usd").decimalValue();
        String name = "round " + ++round + " ";
        boolean isOfTheDead = point.startsWith("adopt.after") || point.startsWith("doubt.after");
        prepare(point);
        if (!isOfTheDead) {
            Files.writeString(order, point);
        }
        if (mayStopTheApi(point)) {
            Thread.ofVirtual().name("waker").start(this::wakeLater);
        }

        List<String> ids = new ArrayList<>();
        if (isOfOneJob(point) && point.endsWith("stop")) {
            // Alone, so that no other submit of that worker stands between its gate and its first byte: a stop there is
            // the risk that is left (ADR 0002).
            ids.add(stack.enqueueSurely(name + "alone"));
            RunningStack.await(point + " is reached", () -> !Files.exists(order));
        }
        ids.addAll(IntStream.range(ids.size(), JOBS)
                .parallel()
                .mapToObj(i -> stack.enqueueSurely(name + i))
                .toList());
        if (isOfTheDead) {
            killWhoHolds(point, ids);
        }
        RunningStack.await(point + " is reached", () -> !Files.exists(order));
        RunningStack.await("all of " + point + " succeed", () -> succeeded(ids));
        if (point.endsWith("stop")) {
            stack.wakeStopped();
        }

        RunningStack.await("all of " + point + " are archived", () -> archived(ids));
        List<JsonNode> jobs =
                ids.stream().map(id -> stack.get("/v1/jobs/" + id)).toList();
        int accepted = totals().path("accepted").asInt() - acceptedBefore;
        long again =
                jobs.stream().mapToLong(job -> job.path("attempts").size() - 1L).sum();
        TABLE.add("| %s | %d | %d | %s | %s | %d | %.1f |"
                .formatted(
                        point,
                        JOBS,
                        accepted,
                        totals().path("charged_usd").decimalValue().subtract(chargedBefore),
                        sum(jobs),
                        again,
                        (System.nanoTime() - began) / 1e9));
        assertThat(accepted).as("accepted by the provider").isEqualTo(JOBS);
        assertThat(twice()).isEqualTo(twiceBefore);
        assertThat(jobs).allSatisfy(KillPointIT::assertPaidOnce);
        assertThat(sum(jobs))
                .isEqualByComparingTo(
                        totals().path("charged_usd").decimalValue().subtract(chargedBefore));
    }

    private static boolean isOfOneJob(String point) {
        return Stream.of("claim", "submit", "record", "poll", "settle", "archive")
                .anyMatch(point::startsWith);
    }

    private int twice() {
        return stack.simulator("/admin/stats").path("duplicated_bodies").asInt();
    }

    /** The API takes part in these; while it is stopped, nobody else can tell that all is well. */
    private static boolean mayStopTheApi(String point) {
        return point.endsWith("stop")
                && Stream.of("intake", "dispatch", "publish").anyMatch(point::startsWith);
    }

    /** Wakes whoever is stopped, after longer than it takes to declare a worker dead and to doubt its submits. */
    private void wakeLater() {
        RunningStack.await("the point is reached", () -> !Files.exists(order));
        RunningStack.within(STOPPED_FOR, () -> false);
        stack.wakeStopped();
    }

    /** Some points are only reached when there is something to look for, to adopt or to doubt. */
    private void prepare(String point) {
        stack.configureSimulator("{\"latency\":\"fixed:%d\"}".formatted(point.startsWith("adopt.after") ? 5_000 : 300));
        if (point.startsWith("reconcile")) {
            stack.orderFault("{\"phase\":\"after_accept\",\"action\":\"drop\",\"times\":3}");
        } else if (point.startsWith("doubt.after")) {
            stack.orderFault(
                    "{\"phase\":\"after_accept\",\"action\":\"delay\",\"delay_ms\":2500,\"times\":%d}".formatted(JOBS));
        }
    }

    private void killWhoHolds(String point, List<String> ids) throws IOException {
        String held = point.startsWith("doubt") ? "submitting" : "running";
        RunningStack.await("a job is " + held, () -> ids.stream()
                .anyMatch(id -> stack.status(id).equals(held)));
        Files.writeString(order, point);
        RunningStack.signal(stack.part("worker-1").pid(), "KILL");
        RunningStack.signal(stack.part("worker-2").pid(), "KILL");
    }

    private static void assertPaidOnce(JsonNode job) {
        Set<String> outcomes = new HashSet<>();
        List<JsonNode> attempts = new ArrayList<>();
        job.path("attempts").forEach(attempts::add);
        attempts.subList(0, attempts.size() - 1)
                .forEach(attempt -> outcomes.add(attempt.path("status").asText()));
        assertThat(outcomes).isSubsetOf("not_created");
        assertThat(job.path("cost").path("charged_usd").decimalValue()).isEqualByComparingTo("0.0217");
    }

    private boolean succeeded(List<String> ids) {
        return ids.stream().allMatch(id -> stack.status(id).equals("succeeded"));
    }

    private boolean archived(List<String> ids) {
        return ids.stream()
                .map(id -> stack.get("/v1/jobs/" + id).path("outputs").path(0))
                .allMatch(output -> output.hasNonNull("archived_at"));
    }

    private JsonNode totals() {
        return stack.simulator("/admin/ledger?limit=0").path("totals");
    }

    private static BigDecimal sum(List<JsonNode> jobs) {
        return jobs.stream()
                .map(job -> job.path("cost").path("charged_usd"))
                .map(usd -> usd.isNumber() ? usd.decimalValue() : BigDecimal.ZERO)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
