package io.wavequeue.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.test.Servers;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
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
 * provider's ledger. A few points run always, all of them with {@code WAVEQUEUE_TEST_KILL_POINTS=all}.
 */
@TestInstance(Lifecycle.PER_CLASS)
class KillPointIT {
    private static final int JOBS = 12;
    private static final List<String> ALWAYS =
            List.of("claim.after", "submit.sent", "submit.after", "submit.sent stop");
    private static final List<String> ALL = List.of(
            "dispatch.taken",
            "dispatch.sent",
            "claim.before",
            "claim.after",
            "submit.before",
            "submit.sent",
            "submit.after",
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
            "adopt.after",
            "publish.taken",
            "publish.sent",
            "claim.after stop",
            "submit.before stop",
            "submit.sent stop",
            "submit.after stop",
            "record.after stop",
            "poll.after stop",
            "settle.before stop",
            "archive.fetched stop");

    private static final List<String> TABLE = new ArrayList<>();

    private Path order;
    private RunningStack stack;
    private int round;

    @BeforeAll
    void start(@TempDir Path folder) {
        order = folder.resolve("killpoint");
        Map<String, String> environment = new HashMap<>();
        if (Servers.isDocker()) {
            environment.put("DATABASE_URL", Servers.postgres().newDatabase());
            environment.put("KAFKA_BOOTSTRAP_SERVERS", Servers.kafka().bootstrapServers());
        }
        environment.put("WAVEQUEUE_JAVA_OPTS", "-Dkillpoint=" + order);
        environment.put("WAVEQUEUE_WORKER_SUBMIT_WINDOW", "2S");
        environment.put("WAVEQUEUE_WORKER_SUBMIT_TIMEOUT", "3S");
        environment.put("WAVEQUEUE_WORKER_DEAD_AFTER", "4S");
        environment.put("WAVEQUEUE_WORKER_RETRY_FIRST", "0.1S");
        environment.put("WAVEQUEUE_DISPATCH_SEND_AGAIN", "3S");
        environment.put("WAVEQUEUE_UNCERTAIN_EVERY", "1S");
        environment.put("WAVEQUEUE_UNCERTAIN_HISTORY_LAG", "1S");
        environment.put("WAVEQUEUE_UNCERTAIN_CLOCK_MARGIN", "2S");
        stack = RunningStack.up(folder.resolve("data"), 2, environment);
        stack.configureSimulator("{\"latency\":\"fixed:300\"}");
    }

    @AfterAll
    void stop() {
        stack.close();
        System.out.println("| at | jobs | accepted | tries beyond the first, all proved not created | ended after s |");
        TABLE.forEach(System.out::println);
    }

    static Stream<String> points() {
        return ("all".equals(System.getenv("WAVEQUEUE_TEST_KILL_POINTS")) ? ALL : ALWAYS).stream();
    }

    @ParameterizedTest
    @MethodSource("points")
    void shouldEndEveryJobOnceWhenAProcessEndsAt(String point) throws IOException {
        long began = System.nanoTime();
        int acceptedBefore = totals().path("accepted").asInt();
        String name = "round " + ++round + " ";
        if (point.startsWith("reconcile") || point.startsWith("adopt")) {
            loseSomethingFirst(point);
        }
        Files.writeString(order, point);

        List<String> ids = IntStream.range(0, JOBS)
                .parallel()
                .mapToObj(i -> stack.enqueueSurely(name + i))
                .toList();
        RunningStack.await(point + " is reached", () -> !Files.exists(order));
        RunningStack.await("all of " + point + " succeed", () -> succeeded(ids));
        if (point.endsWith("stop")) {
            stack.wakeStopped();
            RunningStack.await(
                    "two workers are up",
                    () -> stack.parts().stream()
                                    .filter(part -> part.name().startsWith("worker"))
                                    .count()
                            == 2);
        }

        RunningStack.await("all of " + point + " are archived", () -> archived(ids));
        List<JsonNode> jobs =
                ids.stream().map(id -> stack.get("/v1/jobs/" + id)).toList();
        int accepted = totals().path("accepted").asInt() - acceptedBefore;
        long again =
                jobs.stream().mapToLong(job -> job.path("attempts").size() - 1L).sum();
        TABLE.add("| %s | %d | %d | %d | %.1f |"
                .formatted(point, JOBS, accepted, again, (System.nanoTime() - began) / 1e9));
        assertThat(accepted).as("accepted by the provider").isEqualTo(JOBS);
        assertThat(stack.simulator("/admin/stats").path("duplicated_bodies").asInt())
                .isZero();
        assertThat(jobs).allSatisfy(KillPointIT::assertPaidOnce);
        assertThat(sum(stack.jobs()))
                .isEqualByComparingTo(totals().path("charged_usd").asText());
    }

    /** These points are only reached when there is something to reconcile or to adopt. */
    private void loseSomethingFirst(String point) {
        if (point.startsWith("adopt")) {
            stack.enqueueSurely("held by the one that dies, " + round);
            stack.kill("worker-1");
        } else {
            stack.orderFault("{\"phase\":\"after_accept\",\"action\":\"drop\",\"times\":3}");
        }
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
        return ids.stream()
                .allMatch(id ->
                        stack.get("/v1/jobs/" + id).path("status").asText().equals("succeeded"));
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
