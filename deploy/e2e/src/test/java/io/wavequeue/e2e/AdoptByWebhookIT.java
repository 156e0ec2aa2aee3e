package io.wavequeue.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.local.Ports;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * Replies are lost, and the provider's webhooks, signed and over HTTP, tell what became of the submits. The provider drops a
 * connection once the webhook is taken; {@code WAVEQUEUE_TEST_LOST_REPLY_SECONDS=60} has it wait as long as the real service does.
 */
@TestInstance(Lifecycle.PER_CLASS)
class AdoptByWebhookIT {
    private static final Duration LOST_AFTER = Duration.ofSeconds(
            Long.parseLong(Objects.requireNonNullElse(System.getenv("WAVEQUEUE_TEST_LOST_REPLY_SECONDS"), "0")));

    private RunningStack stack;
    private int submitsBefore;
    private int acceptedBefore;

    @BeforeAll
    void start(@TempDir Path folder) {
        Map<String, String> environment = RunningStack.servers();
        int port = Ports.free();
        environment.put("WAVEQUEUE_WEBHOOK_URL", "http://127.0.0.1:" + port);
        environment.put("WAVEQUEUE_UNCERTAIN_EVERY", "1S");
        stack = RunningStack.up(folder.resolve("data"), 1, port, environment);
    }

    @AfterAll
    void stop() {
        stack.close();
    }

    /** Neither list nor result tell an input: without webhooks, each lost reply would be a person's to judge. */
    @BeforeEach
    void inputsAreNotTold() {
        stack.configureSimulator(
                "{\"latency\":\"fixed:300\",\"history_input\":false,\"webhook_retry_delay\":\"100ms\"}");
        submitsBefore = stack.simulator("/admin/stats").path("submits_received").asInt();
        acceptedBefore = totals().path("accepted").asInt();
    }

    @Test
    void shouldDeliverFourClipsForFourChargesWhenFourRepliesAreLostTogether() {
        stack.orderFault("{\"phase\":\"after_accept\",\"action\":\"drop\",\"times\":4}");

        List<String> ids = IntStream.range(0, 4)
                .parallel()
                .mapToObj(i -> stack.enqueue("lost together " + i))
                .toList();

        awaitDelivered(ids);
        assertPaid(4);
        assertThat(ids.stream().map(id -> stack.get("/v1/jobs/" + id))).allSatisfy(this::assertItsOwnClip);
        assertThat(stack.metrics("worker-1"))
                .containsPattern("wavequeue_uncertain_resolved_total\\{by=\"webhook\".*} 4");
    }

    @Test
    void shouldDeliverTheClipWhenTheConnectionIsDroppedLongAfterItWasMade() {
        int deliveredBefore = webhooksDelivered();
        stack.orderFault("{\"phase\":\"after_accept\",\"action\":\"drop\",\"hold\":true}");
        long began = System.nanoTime();

        String id = stack.enqueue("lost after a while");

        RunningStack.await("the webhook is taken", () -> webhooksDelivered() > deliveredBefore);
        assertThat(stack.get("/v1/jobs/" + id).path("status").asText())
                .as("its submit is still under way")
                .isEqualTo("submitting");
        RunningStack.await("it is lost as late as that", () -> System.nanoTime() - began > LOST_AFTER.toNanos());
        double lost = (System.nanoTime() - began) / 1e9;
        stack.release();
        awaitDelivered(List.of(id));
        System.out.printf("reply lost after %.1f s: delivered after %.1f s%n", lost, (System.nanoTime() - began) / 1e9);
        assertPaid(1);
        assertItsOwnClip(stack.get("/v1/jobs/" + id));
    }

    @Test
    void shouldChangeNothingByWebhooksThatAreDoubledLateForgedOrStale() {
        List<String> kinds = List.of("twice", "delay", "forge", "stale", "omit");
        for (String kind : kinds) {
            stack.orderFault("{\"phase\":\"webhook\",\"action\":\"%s\",\"contains\":\"%s\",\"times\":2,\"delay_ms\":%d}"
                    .formatted(kind, "hook " + kind, kind.equals("delay") ? 2000 : 0));
        }

        List<String> followed =
                kinds.stream().map(kind -> stack.enqueue("hook " + kind)).toList();
        awaitDelivered(followed);
        assertPaid(5);

        stack.orderFault("{\"phase\":\"after_accept\",\"action\":\"drop\",\"times\":5}");
        double refusedBefore = refused();
        List<String> lost =
                kinds.stream().map(kind -> stack.enqueue("lost, hook " + kind)).toList();
        awaitDelivered(lost.subList(0, 3));
        RunningStack.await("the stale one was refused, and its three retries", () -> refused() - refusedBefore >= 5);
        RunningStack.await("the stale and the omitted ones are in doubt", () -> lost.subList(3, 5).stream()
                .allMatch(id ->
                        stack.get("/v1/jobs/" + id).path("status").asText().equals("uncertain")));

        stack.configureSimulator("{\"history_input\":true}");
        awaitDelivered(lost.subList(3, 5));
        assertPaid(10);
        assertThat(lost.stream().map(id -> stack.get("/v1/jobs/" + id))).allSatisfy(this::assertItsOwnClip);
        assertThat(stack.metrics("worker-1")).containsPattern("wavequeue_webhook_contradictions_total.* 0\\.0");
    }

    private void awaitDelivered(List<String> ids) {
        RunningStack.await(ids.size() + " clips are archived", () -> ids.stream()
                .map(id -> stack.get("/v1/jobs/" + id))
                .allMatch(job -> job.path("status").asText().equals("succeeded")
                        && job.path("outputs").path(0).hasNonNull("archived_at")));
    }

    private void assertPaid(int clips) {
        assertThat(stack.simulator("/admin/stats").path("submits_received").asInt() - submitsBefore)
                .as("POSTs")
                .isEqualTo(clips);
        assertThat(totals().path("accepted").asInt() - acceptedBefore).isEqualTo(clips);
        assertThat(stack.jobs().stream()
                        .map(job -> job.path("cost").path("charged_usd").decimalValue())
                        .reduce(BigDecimal.ZERO, BigDecimal::add))
                .isEqualByComparingTo(totals().path("charged_usd").asText());
    }

    /** One attempt, and its prediction was made from this job's input. */
    private void assertItsOwnClip(JsonNode job) {
        assertThat(job.path("attempts").size()).isEqualTo(1);
        String prediction = job.path("attempts").path(0).path("prediction_id").asText();
        assertThat(stack.simulator("/admin/ledger")
                        .path("entries")
                        .valueStream()
                        .filter(entry -> entry.path("prediction_id").asText().equals(prediction))
                        .map(entry -> entry.path("body")))
                .containsExactly(job.path("input"));
    }

    private JsonNode totals() {
        return stack.simulator("/admin/ledger?limit=0").path("totals");
    }

    private int webhooksDelivered() {
        return stack.simulator("/admin/stats").path("webhooks_delivered").asInt();
    }

    private double refused() {
        return stack.metrics("api")
                .lines()
                .filter(line -> line.startsWith("wavequeue_webhooks_total{outcome=\"bad_signature\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
