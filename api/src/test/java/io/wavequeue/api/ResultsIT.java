package io.wavequeue.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class ResultsIT {
    private static final String MUSIC = "stability-ai/stable-audio-3/music";

    @Inject
    Tables tables;

    @Inject
    ObjectMapper json;

    @TestHTTPResource
    URI server;

    @BeforeEach
    void emptyTables() {
        tables.empty();
    }

    private static String batch(String query, Stream<String> references) {
        return BatchFiles.post(
                query,
                references
                        .map(reference -> "{\"model\":\"" + MUSIC + "\",\"input\":{\"prompt\":\"=x\"},\"reference\":\""
                                + reference + "\",\"labels\":{\"scene\":\"a\"}}")
                        .toList());
    }

    /** All of its jobs but those of these references have succeeded, each with one archived output. */
    private void succeed(String... but) {
        List<String> others = List.of(but);
        tables.run("""
                update job
                set status = 'succeeded', dispatch_at = null, settled_at = '2026-01-31T18:30:09Z', version = version + 1,
                    attempt = 1
                where not reference = any (string_to_array(?, ','))
                """, String.join(",", others));
        tables.run("""
                insert into attempt (job_id, number, status, worker_id, prediction_id, submitted_at, budget_day, charged_usd)
                select id, 1, 'completed', id, 'p-' || id, '2026-01-31T18:30:02Z', current_date, 0.0217
                from job
                where status = 'succeeded'
                """);
        tables.run("""
                insert into output (job_id, number, attempt, url, file, content_type, bytes, sha256, archived_at)
                select id, 0, 1, 'u', '2026-01-31/' || reference || '_0.wav', 'audio/wav', 44, 'abc', '2026-01-31T18:30:10Z'
                from job
                where status = 'succeeded'
                """);
    }

    private void failAndHold() {
        tables.run("""
                update job
                set status = 'failed', dispatch_at = null, settled_at = now(), version = version + 1, error_class = 'moderated',
                    error_message = 'no', error_retryable = false
                where reference = 'failed'
                """);
        tables.run("""
                update job
                set status = 'held', hold_reason = 'budget', dispatch_at = null, version = version + 1, error_class = 'budget',
                    error_message = 'the budget', error_retryable = true
                where reference = 'held'
                """);
    }

    private static Response results(String id, String query) {
        return given().urlEncodingEnabled(false).get("/v1/batches/" + id + "/results" + query);
    }

    private List<JsonNode> lines(Response answer) throws IOException {
        return json.readerFor(JsonNode.class)
                .<JsonNode>readValues(answer.asByteArray())
                .readAll();
    }

    private static List<CSVRecord> rows(Response answer) throws IOException {
        String text = new String(answer.asByteArray(), StandardCharsets.UTF_8);
        return CSVFormat.RFC4180
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .get()
                .parse(new StringReader(text))
                .getRecords();
    }

    @Test
    void shouldGiveEveryJobOnALineInTheOrderOfTheFile() throws IOException {
        List<String> references =
                IntStream.range(0, 2_500).mapToObj("cue %04d"::formatted).toList();
        String id = batch("?name=the forest", references.stream());
        batch("", Stream.of("another"));

        Response answer = results(id, "");

        answer.then()
                .statusCode(200)
                .contentType("application/x-ndjson")
                .header("Content-Disposition", "attachment; filename=\"the_forest.jsonl\"");
        List<JsonNode> jobs = lines(answer);
        assertThat(jobs).extracting(job -> job.get("reference").asText()).isEqualTo(references);
        assertThat(answer.asString().lines().count()).isEqualTo(2_500);
        assertThat(jobs.getLast())
                .isEqualTo(json.readTree(
                        given().get("/v1/jobs/{id}", jobs.getLast().get("id").asText())
                                .asString()));
    }

    @Test
    void shouldGiveARowPerOutput() throws IOException {
        String id = batch("", Stream.of("one", "failed", "two"));
        succeed("failed");
        failAndHold();

        Response answer = results(id, "?format=csv");

        answer.then()
                .statusCode(200)
                .contentType("text/csv; charset=utf-8")
                .header("Content-Disposition", "attachment; filename=\"" + id + ".csv\"");
        List<CSVRecord> rows = rows(answer);
        assertThat(rows).extracting(row -> row.get("reference")).containsExactly("one", "failed", "two");
        assertThat(rows)
                .extracting(row -> row.get("file"))
                .containsExactly("2026-01-31/one_0.wav", "", "2026-01-31/two_0.wav");
        assertThat(rows).extracting(row -> row.get("charged_usd")).containsExactly("0.0217", "", "0.0217");
        assertThat(rows).extracting(row -> row.get("error_class")).containsExactly("", "moderated", "");
        assertThat(rows).extracting(row -> row.get("labels")).containsOnly("{\"scene\": \"a\"}");
    }

    @Test
    void shouldGiveOnlyWhatFailedOrIsHeldSoThatItCanBeSentAgain() throws IOException {
        String id = batch("?name=n", Stream.of("one", "failed", "queued", "held"));
        succeed("failed", "queued", "held");
        failAndHold();

        Response answer = results(id, "?only=errors");

        answer.then().header("Content-Disposition", "attachment; filename=\"n-errors.jsonl\"");
        List<JsonNode> jobs = lines(answer);
        assertThat(jobs).extracting(job -> job.get("status").asText()).containsExactly("failed", "held");
        assertThat(jobs).extracting(job -> job.at("/error/message").asText()).containsExactly("no", "the budget");
        assertThat(rows(results(id, "?format=csv&only=errors")))
                .extracting(row -> row.get("reference") + " " + row.get("error_message") + " " + row.get("input"))
                .containsExactly("failed no {\"prompt\":\"=x\"}", "held the budget {\"prompt\":\"=x\"}");

        List<String> again = jobs.stream()
                .map(job -> ((ObjectNode) job)
                        .retain("model", "input", "reference", "lane", "labels", "max_attempts")
                        .toString())
                .toList();
        given().get("/v1/batches/{id}", BatchFiles.post("", again)).then().body("counts.queued", is(2));
    }

    @Test
    void shouldGiveWhatWwiseImports() {
        String id = batch("?name=forest", Stream.of("rain", "storm", "a/b", "A:b", "failed", "late", "storm"));
        succeed("failed");
        failAndHold();
        tables.run("update output set archived_at = null, archive_at = now() where file like '%late%'");

        Response answer = results(id, "?format=wwise&root=D:%5Cout&parent=%5CContainers%5CDefault+Work+Unit");

        answer.then()
                .statusCode(200)
                .contentType("text/tab-separated-values; charset=utf-8")
                .header("Content-Disposition", "attachment; filename=\"forest.tsv\"");
        String parent = "\\Containers\\Default Work Unit\\";
        List<String> lines = answer.asString().lines().toList();
        assertThat(lines).hasSize(6);
        assertThat(lines.subList(0, 3))
                .containsExactly(
                        "Audio File\tObject Path\tOriginalsSubFolder",
                        "D:\\out\\2026-01-31\\rain_0.wav\t" + parent + "<Sound SFX>rain\tforest",
                        "D:\\out\\2026-01-31\\storm_0.wav\t" + parent
                                + "<Random Container>storm\\<Sound SFX>storm_01\tforest");
        assertThat(lines.get(3)).matches(".*<Sound SFX>a_b_[0-9a-f]{8}\tforest");
        assertThat(lines.get(4)).matches(".*<Sound SFX>A_b_[0-9a-f]{8}\tforest");
        assertThat(lines.get(5)).contains("<Random Container>storm\\<Sound SFX>storm_02\t");
    }

    @Test
    void shouldCountTakesOfThisBatchOverAllItsPages() {
        batch("", Stream.of("cue"));
        String id = batch(
                "",
                Stream.concat(
                        Stream.of("cue"),
                        Stream.concat(IntStream.range(0, 1_200).mapToObj(i -> "single" + i), Stream.of("cue"))));
        succeed();

        List<String> lines = results(id, "?format=wwise").asString().lines().toList();

        assertThat(lines).hasSize(1_203);
        assertThat(lines.get(1)).contains("<Random Container>cue\\<Sound SFX>cue_01\t" + id);
        assertThat(lines.get(2)).contains("Default Work Unit\\<Sound SFX>single0\t");
        assertThat(lines.getLast()).contains("<Random Container>cue\\<Sound SFX>cue_02\t");
    }

    @Test
    void shouldGiveNoBodyWhenOnlyTheHeadIsAskedFor() {
        String id = batch("", Stream.of("one"));
        Response answer = given().head("/v1/batches/{id}/results?format=csv", id);
        answer.then().statusCode(200).contentType("text/csv; charset=utf-8");
        assertThat(answer.asByteArray()).isEmpty();
    }

    @Test
    void shouldNotLookWholeWhenItBreaksOff() {
        String id = batch("", IntStream.range(0, 1_500).mapToObj(i -> "r" + i));
        tables.run("delete from job_payload where job_id = (select id from job order by id desc limit 1)");
        HttpRequest request = HttpRequest.newBuilder(server.resolve("/v1/batches/" + id + "/results"))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            assertThatThrownBy(() -> client.send(request, BodyHandlers.ofString()))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void shouldRefuseWhatItDoesNotTake() {
        String id = batch("", Stream.of("one"));
        refuses(id, "?format=xml", "format", "\"xml\" is not known; use jsonl, csv, wwise");
        refuses(id, "?only=failed", "only", "\"failed\" is not known; use errors");
        refuses(id, "?format=wwise&only=errors", "only", "what failed cannot be imported");
        refuses(id, "?format=csv&root=x", "root", "is for format=wwise");
        refuses(id, "?format=wwise&parent=a/b", "parent", "is no object path such as \\Actor-Mixer Hierarchy");
        refuses(id, "?format=wwise&root=a%09b", "root", "contains a line break or a tab");
        refuses(id, "?fromat=csv", "fromat", "did you mean \"format\"?");
        results(id, "?format=x&only=y&z=1")
                .then()
                .statusCode(400)
                .body("errors.field", contains("z", "format", "only"));
    }

    private static void refuses(String id, String query, String field, String message) {
        results(id, query)
                .then()
                .statusCode(400)
                .body("code", is("bad_parameter"))
                .body("errors.field", contains(field))
                .body("errors[0].message", containsString(message));
    }

    @Test
    void shouldAnswer404WhenThereIsNoSuchBatch() {
        for (String id : List.of(UUID.randomUUID().toString(), "x")) {
            results(id, "").then().statusCode(404).body("code", is("not_found"));
        }
    }
}
