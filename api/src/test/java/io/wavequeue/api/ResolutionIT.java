package io.wavequeue.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.wavequeue.bulk.BulkRunner;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
class ResolutionIT {
    private static final UUID WORKER = UUID.fromString("019b3f6e-0000-7c3e-9d0b-2f6c1a8e4d11");

    @Inject
    Tables tables;

    @Inject
    BulkRunner runner;

    @BeforeEach
    void emptyTables() {
        tables.empty();
    }

    private static UUID id(int n) {
        return UUID.fromString("019b3f6e-5a70-7c3e-9d0b-%012d".formatted(n));
    }

    private void job(int n, String status, String labels) {
        tables.run("""
                insert into job (id, status, model, lane, max_attempts, attempt, fence, estimated_usd, reserve_usd, hold_reason,
                                 error_class, error_message, error_retryable)
                select ?::uuid, s, 'm/a', 'bulk', 3, 1, 77, 0.0217, 0.0217,
                       case when s = 'held' then 'uncertain_submission' end, 'uncertain_submission', 'nobody knows', false
                from (values (?)) as v(s)
                """, id(n), status);
        tables.run("insert into job_payload (job_id, input, labels) values (?, '{}', ?::jsonb)", id(n), labels);
        tables.run("""
                insert into attempt (job_id, number, status, worker_id, submitted_at, price_usd, reserved_usd, budget_day)
                values (?, 1, 'uncertain', ?, now(), 0.0217, 0.0217, '2026-01-31')
                """, id(n), WORKER);
        tables.run("""
                insert into budget_day (day, committed_usd) values ('2026-01-31', 0.0217)
                on conflict (day) do update set committed_usd = budget_day.committed_usd + 0.0217
                """);
    }

    private void jobs(int count) {
        IntStream.range(0, count).forEach(n -> job(n, n % 2 == 0 ? "uncertain" : "held", "{\"n\":\"" + n + "\"}"));
    }

    private void candidate(int n, String prediction) {
        tables.run("insert into candidate (job_id, attempt, prediction_id) values (?, 1, ?)", id(n), prediction);
    }

    private static Response send(@Nullable String key, String body) {
        return (key == null ? given() : given().header("Idempotency-Key", key))
                .contentType("application/json")
                .body(body)
                .post("/v1/resolutions");
    }

    private static ValidatableResponse post(String body) {
        return send(null, body).then();
    }

    private static String created(String body) {
        return post(body).statusCode(202).extract().header("Location");
    }

    private ValidatableResponse carriedOut(String location) {
        while (runner.step()) {}
        return given().get(location).then().statusCode(200);
    }

    private String status(int n) {
        return tables.value("select status from job where id = ?", id(n));
    }

    @Test
    void shouldChooseTheJobsAtOnceAndSubmitThemAgain() {
        jobs(3);

        String location = post("{\"filter\":{},\"decision\":\"resubmit\"}")
                .statusCode(202)
                .header("Location", startsWith("/v1/resolutions/"))
                .body("status", is("planned"))
                .body("decision", is("resubmit"))
                .body("matched", is(3))
                .body("resolved", is(0))
                .body("skipped.size()", is(0))
                .body("estimated_usd", is(0.0651f))
                .body("by_error_class.uncertain_submission", is(3))
                .extract()
                .header("Location");
        job(3, "uncertain", "{}");
        assertThat(status(0)).isEqualTo("uncertain");

        carriedOut(location).body("status", is("done")).body("matched", is(3)).body("resolved", is(3));

        assertThat(List.of(status(0), status(1), status(2), status(3)))
                .containsExactly("queued", "queued", "queued", "uncertain");
        given().get("/v1/jobs/{id}", id(0))
                .then()
                .body("attempts[0].status", is("failed"))
                .body("attempts[0].error.message", containsString("it may have been charged"));
    }

    @Test
    void shouldAdoptTheOneCandidateAndTellWhyTheOthersWereSkipped() {
        jobs(4);
        candidate(0, "p-own");
        candidate(1, "p-x");
        candidate(1, "p-y");
        candidate(2, "p-y");
        String location = created("{\"filter\":{\"status\":[\"uncertain\",\"held\"]},\"decision\":\"adopt\"}");

        carriedOut(location)
                .body("status", is("done"))
                .body("resolved", is(1))
                .body("skipped.several_candidates", is(1))
                .body("skipped.candidate_shared", is(1))
                .body("skipped.no_candidate", is(1))
                .body("estimated_usd", is(0));
        given().get("/v1/jobs/{id}", id(0))
                .then()
                .body("status", is("running"))
                .body("attempts[0].prediction_id", is("p-own"));
    }

    @Test
    void shouldLeaveOutWhatSomebodyResolvedMeanwhile() {
        jobs(2);
        String location = created("{\"filter\":{},\"decision\":\"abandon\"}");
        given().contentType("application/json")
                .body("{\"decision\":\"adopt\",\"prediction_id\":\"p-made\"}")
                .post("/v1/jobs/{id}/resolve", id(0))
                .then()
                .statusCode(200);

        carriedOut(location).body("resolved", is(1)).body("skipped.already_resolved", is(1));
        assertThat(List.of(status(0), status(1))).containsExactly("running", "failed");
    }

    @Test
    void shouldSayThatNothingIsInDoubtAnyMoreWhenAJobIsNamed() {
        jobs(3);
        carriedOut(created("{\"filter\":{\"id\":\"" + id(0) + "\"},\"decision\":\"abandon\"}"));
        String named = "{\"filter\":{\"id\":[\"%s\",\"%s\"]%s},\"decision\":\"abandon\",\"dry_run\":true}";

        post(named.formatted(id(0), id(1), ""))
                .statusCode(200)
                .body("matched", is(2))
                .body("waiting", is(1))
                .body("skipped.already_resolved", is(1))
                .body("skipped_jobs.job_id", contains(id(0).toString()));
        post(named.formatted(id(0), id(1), ",\"status\":\"held\"")).body("matched", is(1));
        post("{\"filter\":{},\"decision\":\"abandon\",\"dry_run\":true}")
                .body("matched", is(2))
                .body("skipped.size()", is(0));
    }

    @Test
    void shouldTellThePlanAndKeepNothingOfADryRun() {
        jobs(2);

        send("key", "{\"filter\":{},\"decision\":\"resubmit\",\"dry_run\":true}")
                .then()
                .statusCode(200)
                .body("id", nullValue())
                .body("status", is("planned"))
                .body("matched", is(2))
                .body("estimated_usd", is(0.0434f));

        assertThat(runner.step()).isFalse();
        assertThat(tables.column("select id from resolution")).isEmpty();
        assertThat(tables.column("select key from idempotency_key")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | 4",
                "{\"status\":\"held\"} | 2",
                "{\"status\":[\"held\",\"failed\"]} | 2",
                "{\"status\":\"failed\"} | 0",
                "{\"labels\":{\"n\":\"2\"}} | 1",
                "{\"label\":\"n:2\"} | 1",
                "{\"label\":[\"n:2\"],\"labels\":{\"n\":\"2\"}} | 1",
                "{\"model\":\"m/a\",\"error_class\":\"uncertain_submission\"} | 4",
                "{\"model\":\"m/b\"} | 0",
                "{\"id\":\"{0}\"} | 1",
                "{\"id\":[\"{0}\",\"{3}\"],\"status\":\"held\"} | 1",
                "{\"fingerprint\":\"5b0c9d7e21f4a836\"} | 0",
                "{\"created_before\":\"2026-01-31T00:00:00Z\"} | 0"
            })
    void shouldTakeTheFilterOfTheList(String filter, int matched) {
        jobs(4);
        tables.run("update job set status = 'held', hold_reason = 'uncertain_submission' where id = ?", id(3));
        String named = filter.replace("{0}", id(0).toString()).replace("{3}", id(3).toString());
        post("{\"filter\":" + named + ",\"decision\":\"abandon\",\"dry_run\":true}")
                .statusCode(200)
                .body("matched", is(matched));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"decision\":\"adopt\"} | filter",
                "{\"filter\":[],\"decision\":\"adopt\"} | filter",
                "{\"filter\":{}} | decision",
                "{\"filter\":{},\"decision\":\"retry\"} | decision",
                "{\"filter\":{},\"decision\":\"adopt\",\"dry_run\":\"yes\"} | dry_run",
                "{\"filter\":{},\"decision\":\"adopt\",\"prediction_id\":\"p-made\"} | prediction_id",
                "{\"filter\":{\"statuss\":\"held\"},\"decision\":\"adopt\"} | filter.statuss",
                "{\"filter\":{\"limit\":\"5\"},\"decision\":\"adopt\"} | filter.limit",
                "{\"filter\":{\"status\":\"hold\"},\"decision\":\"adopt\"} | filter.status",
                "{\"filter\":{\"status\":7},\"decision\":\"adopt\"} | filter.status",
                "{\"filter\":{\"status\":[]},\"decision\":\"adopt\"} | filter.status",
                "{\"filter\":{\"model\":[\"a\",\"b\"]},\"decision\":\"adopt\"} | filter.model",
                "{\"filter\":{\"model\":\"\"},\"decision\":\"adopt\"} | filter.model",
                "{\"filter\":{\"id\":[\"7\"]},\"decision\":\"adopt\"} | filter.id",
                "{\"filter\":{\"id\":[]},\"decision\":\"adopt\"} | filter.id",
                "{\"filter\":{\"fingerprint\":\"7\"},\"decision\":\"adopt\"} | filter.fingerprint",
                "{\"filter\":{\"created_after\":\"yesterday\"},\"decision\":\"adopt\"} | filter.created_after",
                "{\"filter\":{\"labels\":{\"a\":1}},\"decision\":\"adopt\"} | filter.labels",
                "{\"filter\":{\"labels\":{\"a:b\":\"c\"}},\"decision\":\"adopt\"} | filter.labels",
                "{\"filter\":{\"labels\":\"a:b\"},\"decision\":\"adopt\"} | filter.labels",
                "{\"filter\":{\"label\":\"a\"},\"decision\":\"adopt\"} | filter.label"
            })
    void shouldSayWhichFieldIsWrong(String body, String field) {
        jobs(1);
        post(body)
                .statusCode(422)
                .contentType("application/problem+json")
                .body("code", is("invalid_request"))
                .body("errors.size()", is(1))
                .body("errors[0].field", is(field));
        assertThat(tables.column("select id from resolution")).isEmpty();
    }

    @Test
    void shouldListAllThatIsWrongAtOnce() {
        post("{\"filter\":{\"status\":\"hold\",\"batch_id\":\"x\"},\"dry_run\":1,\"why\":2}")
                .statusCode(422)
                .body("errors.field", hasItems("filter.status", "filter.batch_id", "decision", "dry_run", "why"));
        post("{\"filter\":{},\"decision\":\"x\",\"rate_per_minute\":0,\"note\":5,\"requested_by\":7}")
                .statusCode(422)
                .body("errors.field", containsInAnyOrder("decision", "rate_per_minute", "note", "requested_by"));
        post("[]").statusCode(422);
        post("{").statusCode(400).body("code", is("malformed_json"));
    }

    @Test
    void shouldMakeOneResolutionForAKey() throws Exception {
        jobs(2);
        String body = "{\"filter\":{},\"decision\":\"abandon\"}";
        Callable<Response> call = () -> send("all-at-once", body);
        List<Response> answers;
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<Response>> calls = threads.invokeAll(List.of(call, call, call, call));
            answers = List.of(
                    calls.get(0).get(),
                    calls.get(1).get(),
                    calls.get(2).get(),
                    calls.get(3).get());
        }

        assertThat(answers).extracting(Response::statusCode).containsOnly(202);
        assertThat(answers)
                .extracting(Response::asString)
                .containsOnly(answers.getFirst().asString());
        assertThat(answers.stream().filter(answer -> answer.header("Idempotent-Replayed") == null))
                .hasSize(1);
        assertThat(tables.value("select count(*) from resolution")).isEqualTo("1");
        send("all-at-once", body.replace("abandon", "adopt"))
                .then()
                .statusCode(422)
                .body("code", is("key_reused"));
        // A key belongs to its call, and goes with what it made.
        tables.run("delete from resolution");
        assertThat(tables.column("select key from idempotency_key")).isEmpty();
    }

    @Test
    void shouldPauseGoOnAndAbort() {
        jobs(2);
        String location = created("{\"filter\":{},\"decision\":\"abandon\"}");

        given().post(location + "/pause").then().statusCode(200).body("status", is("paused"));
        given().post(location + "/pause").then().statusCode(200);
        assertThat(runner.step()).isFalse();
        given().post(location + "/resume").then().statusCode(200).body("status", is("running"));
        given().post(location + "/abort")
                .then()
                .statusCode(200)
                .body("status", is("aborted"))
                .body("resolved", is(0))
                .body("skipped.aborted", is(2));
        carriedOut(location).body("status", is("aborted"));
        assertThat(status(0)).isEqualTo("uncertain");
        given().post(location + "/resume")
                .then()
                .statusCode(409)
                .body("code", is("resolution_ended"))
                .body("detail", is("the resolution is aborted"));

        String done = created("{\"filter\":{},\"decision\":\"abandon\"}");
        carriedOut(done).body("resolved", is(2));
        given().post(done + "/abort").then().statusCode(409).body("code", is("resolution_ended"));
    }

    @Test
    void shouldNotKnowOtherResolutions() {
        for (String id : List.of(id(1).toString(), "x")) {
            given().get("/v1/resolutions/" + id)
                    .then()
                    .statusCode(404)
                    .body("detail", is("there is no resolution " + id));
            given().post("/v1/resolutions/" + id + "/pause").then().statusCode(404);
        }
        given().delete("/v1/resolutions").then().statusCode(405).header("Allow", "GET, HEAD, POST");
        given().get("/v1/resolutions/x/abort").then().statusCode(405).header("Allow", "POST");
        given().body("{}").post("/v1/resolutions").then().statusCode(415);
    }
}
