package io.wavequeue.api;

import static io.restassured.RestAssured.given;
import static io.wavequeue.test.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class BatchEventsIT {
    private static final String LINE =
            "{\"model\":\"stability-ai/stable-audio-3/music\",\"input\":{\"prompt\":\"x\"},\"reference\":\"$\"}";

    @Inject
    Tables tables;

    @Inject
    ObjectMapper json;

    @Inject
    MeterRegistry metrics;

    @TestHTTPResource
    URI server;

    private String id = "";

    @BeforeEach
    void aBatchOfThree() {
        tables.empty();
        id = batch("a", "b", "c");
    }

    private static String batch(String... references) {
        return BatchFiles.post(
                "",
                Stream.of(references)
                        .map(reference -> LINE.replace("$", reference))
                        .toList());
    }

    private ServerEvents listen(String... headers) throws IOException, InterruptedException {
        return new ServerEvents(server.resolve("/v1/batches/" + id + "/events"), headers);
    }

    private void end(String reference, String status) {
        tables.run("""
                update job
                set status = ?, dispatch_at = null, settled_at = now(), version = version + 1,
                    error_class = 'moderated', error_message = 'no', error_retryable = false
                where reference = ?
                """, status, reference);
    }

    private JsonNode data(Map<String, String> event) {
        try {
            return json.readTree(event.get("data"));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private String reference(Map<String, String> event) {
        return data(event).get("reference").asText();
    }

    @Test
    void shouldTellProgressJobsAndTheEnd() throws Exception {
        try (ServerEvents events = listen()) {
            Map<String, String> first = events.next();
            assertThat(first).containsEntry("event", "progress").doesNotContainKey("id");
            assertThat(data(first))
                    .isEqualTo(json.readTree(given().get("/v1/batches/{id}", id).asString()));

            batch("of another batch");
            end("of another batch", "failed");
            end("a", "failed");
            List<JsonNode> told =
                    Stream.of(events.next(), events.next()).map(this::data).toList();
            assertThat(told).extracting(view -> view.path("reference").asText()).contains("a");
            assertThat(told)
                    .extracting(view -> view.at("/counts/failed").asInt())
                    .contains(1);
            assertThat(told)
                    .contains(json.readTree(given().get("/v1/jobs?reference=a").asString())
                            .at("/items/0"));

            end("b", "cancelled");
            assertThat(reference(events.next("job"))).isEqualTo("b");
            end("c", "cancelled");
            assertThat(reference(events.next("job"))).isEqualTo("c");
            Map<String, String> done = events.next("done");
            assertThat(done).containsEntry("id", "done");
            assertThat(data(done).get("status").asText()).isEqualTo("done");
            assertThat(events.next()).isEqualTo(ServerEvents.END);
        }
    }

    @Test
    void shouldTellAJobAgainWhenItsOutputsAreArchived() throws Exception {
        try (ServerEvents events = listen()) {
            events.next("progress");
            end("a", "succeeded");
            tables.run("""
                    insert into output (job_id, number, attempt, url, archive_at)
                    select id, 0, 1, 'u', now() from job where reference = 'a'
                    """);
            assertThat(data(events.next("job")).at("/status").asText()).isEqualTo("succeeded");
            tables.run("update output set archived_at = now(), archive_at = null, file = 'f', bytes = 1, sha256 = 's'");
            tables.run("""
                    insert into event (job_id, version, status, previous_status, attempt, cancel_requested, archived)
                    select id, version + 1, status, status, 1, false, true from job where reference = 'a'
                    """);
            assertThat(data(events.next("job")).at("/outputs/0/file").asText()).isEqualTo("f");
        }
    }

    @Test
    void shouldGoOnBehindTheLastEventThatCame() throws Exception {
        String last;
        try (ServerEvents events = listen()) {
            events.next("progress");
            end("a", "failed");
            last = events.next("job").get("id");
        }
        end("b", "failed");
        end("c", "failed");

        try (ServerEvents events = listen("Last-Event-ID", last)) {
            assertThat(reference(events.next("job"))).isEqualTo("b");
            assertThat(reference(events.next("job"))).isEqualTo("c");
            events.next("done");
        }
    }

    @Test
    void shouldReleaseAStreamWhoseReaderWentAway() throws Exception {
        try (ServerEvents events = listen()) {
            events.next("progress");
            await().until(() -> metrics.get("wavequeue.streams.open").gauge().value() == 1);
        }
        await().until(() -> metrics.get("wavequeue.streams.open").gauge().value() == 0);
    }

    @Test
    void shouldTellOnlyThatItIsDoneWhenItHasBeen() throws Exception {
        end("a", "failed");
        end("b", "failed");
        end("c", "failed");
        try (ServerEvents events = listen()) {
            events.next("progress");
            events.next("done");
            assertThat(events.next()).isEqualTo(ServerEvents.END);
        }
        try (ServerEvents events = listen("Last-Event-ID", "done")) {
            assertThat(events.status()).isEqualTo(204);
        }
    }

    @Test
    void shouldRefuseWhatItDoesNotKnow() {
        given().get("/v1/batches/{id}/events", UUID.randomUUID())
                .then()
                .statusCode(404)
                .body("code", is("not_found"));
        given().get("/v1/batches/x/events").then().statusCode(404).body("code", is("not_found"));
        given().get("/v1/batches/{id}/events?x=1", id).then().statusCode(400).body("code", is("bad_parameter"));
        for (String last : new String[] {"x", "1", "1-", "-1-1", "1-9999999999999999999"}) {
            given().header("Last-Event-ID", last)
                    .get("/v1/batches/{id}/events", id)
                    .then()
                    .statusCode(400)
                    .body("code", is("bad_header"))
                    .body("detail", containsString("Last-Event-ID"));
        }
    }

    @Test
    void shouldSendNoEventsWhenOnlyTheHeadIsAskedFor() {
        given().head("/v1/batches/{id}/events", id).then().statusCode(200).contentType("text/event-stream");
    }
}
