package io.wavequeue.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agroal.api.AgroalDataSource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.wavequeue.admission.JsonRead;
import io.wavequeue.admission.StrictJson;
import io.wavequeue.bulk.BulkRunner;
import io.wavequeue.dispatch.BatchFollower;
import io.wavequeue.library.ContentKey;
import io.wavequeue.store.Caution;
import io.wavequeue.store.ClaimStore;
import io.wavequeue.store.ClaimStore.Candidate;
import io.wavequeue.store.ClaimStore.ClaimedJob;
import io.wavequeue.store.Fences;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class ReplayIT {
    private static final UUID WORKER = UUID.fromString("019b3f6e-0000-7c3e-9d0b-2f6c1a8e4d11");
    private static final UUID BATCH = UUID.fromString("019b3f6e-1111-7c3e-9d0b-2f6c1a8e4d11");
    private static final String MUSIC = "stability-ai/stable-audio-3/music";

    @Inject
    Tables tables;

    @Inject
    AgroalDataSource pool;

    @Inject
    BulkRunner runner;

    @Inject
    BatchFollower follower;

    @Inject
    ClaimStore claims;

    @Inject
    Fences fences;

    @BeforeEach
    void emptyTables() {
        tables.empty();
    }

    private static UUID id(int n) {
        return UUID.fromString("019b3f6e-5a70-7c3e-9d0b-%012d".formatted(n));
    }

    private UUID failed(int n, String errorClass, String message) {
        return job(n, "failed", errorClass, message, "{\"prompt\": \"rain\", \"duration\": 10.0}");
    }

    private UUID job(int n, String status, @Nullable String errorClass, @Nullable String message, String input) {
        boolean ended = List.of("failed", "succeeded", "cancelled").contains(status);
        tables.run(
                """
                insert into job (id, status, model, lane, max_attempts, attempt, fence, estimated_usd, reserve_usd, error_class,
                                 error_message, error_retryable, settled_at, dispatch_at, batch_id, hold_reason, held_by_batch, worker_id,
                                 cancel_requested)
                values (?, ?, ?, 'bulk', 3, 1, 77, 0.01, 0.01, ?, ?, case when ?::text is not null then false end,
                        case when ? then now() end, case when ? = 'queued' then now() + interval '1 hour' end, ?,
                        case when ? = 'held' then 'paused' end, ? = 'held', case when ? = 'running' then ?::uuid end,
                        ? = 'running')
                """,
                id(n),
                status,
                MUSIC,
                errorClass,
                message,
                errorClass,
                ended,
                status,
                BATCH,
                status,
                status,
                status,
                WORKER,
                status);
        tables.run("insert into job_payload (job_id, input) values (?, ?)", id(n), input);
        tables.run("""
                insert into attempt (job_id, number, status, worker_id, prediction_id, price_usd, reserved_usd, charged_usd, budget_day)
                values (?, 1, ?, ?, ?, 0.0217, 0.0217, 0.0217, '2026-01-31')
                """, id(n), status.equals("succeeded") ? "completed" : "failed", WORKER, "p-" + n);
        return id(n);
    }

    private void batch(@Nullable String stop) {
        tables.run(
                "insert into batch (id, lane, jobs, unknown_price, estimated_usd, stop) values (?, 'bulk', 9, 0, 1, ?)",
                BATCH,
                stop);
    }

    private static ValidatableResponse post(String path, String body) {
        return given().contentType("application/json").body(body).post(path).then();
    }

    private static String created(String path, String body) {
        return post(path, body).statusCode(202).extract().header("Location");
    }

    private ValidatableResponse carriedOut(String location) {
        while (runner.step()) {}
        return given().get(location).then().statusCode(200);
    }

    private String row(int n) {
        return tables.value(
                "select concat_ws(' ', status, hold_reason, replays, tries_from, cancel_requested, error_class) from job where id = ?",
                id(n));
    }

    @Nested
    class Replaying {
        @Test
        void shouldTellWhatItWouldDoAndThenDoJustThat() {
            failed(0, "provider_error", "prediction 0871b0d0eb5c49b2839436c059271cc4 failed");
            failed(1, "provider_error", "prediction 1871b0d0eb5c49b2839436c059271cc4 failed");
            failed(2, "moderated", "refused");
            job(3, "succeeded", null, null, "{\"prompt\": \"rain\"}");
            tables.run("update job set model = 'gone/model' where id = ?", failed(4, "invalid_input", "gone"));

            String body = "{\"filter\": {}, \"requested_by\": \"kim\", \"note\": \"after the outage\"%s}";
            post("/v1/replays", body.formatted(", \"dry_run\": true"))
                    .statusCode(200)
                    .body("id", nullValue())
                    .body("matched", is(4))
                    .body("waiting", is(2))
                    .body("skipped.moderated", is(1))
                    .body("skipped.no_longer_valid", is(1))
                    .body("skipped_jobs.job_id", contains(id(2).toString(), id(4).toString()))
                    .body("skipped_jobs.outcome", contains("moderated", "no_longer_valid"))
                    .body("skipped_jobs[0].message", startsWith("the provider refused its content"))
                    .body("estimated_usd", is(0.0434f))
                    .body("unknown_price", is(0))
                    .body("by_error_class.provider_error", is(2))
                    .body("by_model.size()", is(1))
                    .body("by_model[0].model", is(MUSIC))
                    .body("by_model[0].jobs", is(2));
            assertThat(tables.value("select count(*) from resolution")).isEqualTo("0");

            String replay = created("/v1/replays", body.formatted(""));
            carriedOut(replay)
                    .body("status", is("done"))
                    .body("replayed", is(2))
                    .body("waiting", is(0))
                    .body("skipped.moderated", is(1))
                    .body("estimated_usd", is(0.0434f))
                    .body("outcomes.under_way", is(2))
                    .body("requested_by", is("kim"))
                    .body("note", is("after the outage"))
                    .body("filter.size()", is(0));
            assertThat(row(0)).isEqualTo("queued 1 1 f");
            assertThat(row(2)).isEqualTo("failed 0 0 f moderated");
            assertThat(tables.value("select estimated_usd from job where id = ?", id(0)))
                    .isEqualTo("0.021700");
            given().get(replay + "/jobs?outcome=moderated")
                    .then()
                    .statusCode(200)
                    .body("items.size()", is(1))
                    .body("items[0].job_id", is(id(2).toString()))
                    .body("items[0].status", is("failed"))
                    .body("items[0].message", containsString("change its input with input_overrides"));
            given().get("/v1/replays")
                    .then()
                    .body("items[0].note", is("after the outage"))
                    .body("items[0].outcomes", nullValue());
        }

        @Test
        void shouldDoNothingTwice() {
            failed(0, "provider_error", "oops");
            String first = created("/v1/replays", "{\"filter\": {}}");
            String second = created("/v1/replays", "{\"filter\": {}}");

            carriedOut(first);
            carriedOut(second).body("status", is("done"));

            assertThat(List.of(given().get(first).path("replayed").toString()
                            + given().get(second).path("replayed").toString()))
                    .containsAnyOf("10", "01");
            assertThat(row(0)).isEqualTo("queued 1 1 f");
            tables.run(
                    "update job set status = 'failed', version = version + 1, dispatch_at = null, settled_at = now(), error_class = 'internal',"
                            + " error_message = 'x', error_retryable = false");
            String third = created("/v1/replays", "{\"filter\": {}}");
            tables.run("update job set replays = 2");
            carriedOut(third).body("skipped.changed", is(1));
        }

        @Test
        void shouldReplayAGroupOfFailuresByItsFingerprint() {
            failed(0, "provider_error", "prediction 0871b0d0eb5c49b2839436c059271cc4 failed");
            failed(1, "provider_error", "prediction 1871b0d0eb5c49b2839436c059271cc4 failed");
            failed(2, "provider_error", "no output");
            String fingerprint = tables.value(
                    "select failure_fingerprint(error_class, model, error_message) from job where id = ?", id(0));

            String replay = created("/v1/replays", "{\"filter\": {\"fingerprint\": \"%s\"}}".formatted(fingerprint));

            carriedOut(replay).body("replayed", is(2));
            assertThat(row(2)).isEqualTo("failed 0 0 f provider_error");
            tables.run(
                    "update job set status = 'failed', version = version + 1, dispatch_at = null, settled_at = now(), error_class = 'provider_error',"
                            + " error_message = 'prediction 9871b0d0eb5c49b2839436c059271cc4 failed', error_retryable = true where replays = 1");
            tables.run(
                    "insert into attempt (job_id, number, status, worker_id, prediction_id, price_usd, reserved_usd, charged_usd,"
                            + " refunded_usd, budget_day) select job_id, 2, 'failed', worker_id, prediction_id || '-2', 0.0217, 0.0217, 0.0217,"
                            + " case when job_id = '" + id(0) + "' then 0.0117 end, budget_day from attempt a"
                            + " where job_id in (select job_id from job_replay)");
            given().get(replay)
                    .then()
                    .body("outcomes.failed", is(2))
                    .body("same_error", is(2))
                    .body("charged_usd", is(0.0317f))
                    .body("failed_again", nullValue());
            post("/v1/replays", "{\"filter\": {}, \"dry_run\": true}")
                    .body("waiting", is(3))
                    .body("failed_again", is(2));
            given().get("/v1/jobs/" + id(0))
                    .then()
                    .body("replay_note", is("replayed 1 time, same error"))
                    .body("replays.size()", is(1))
                    .body("replays[0].replay_id", is(replay.substring(replay.lastIndexOf('/') + 1)))
                    .body("replays[0].error.class", is("provider_error"))
                    .body("replays[0].input", nullValue());
        }

        @Test
        void shouldKeepItsRateAndStandStillWhilePaused() {
            IntStream.range(0, 5).forEach(n -> failed(n, "provider_error", "oops"));
            String replay = created("/v1/replays", "{\"filter\": {}, \"rate_per_minute\": 1}");

            assertThat(runner.step()).isTrue();
            assertThat(runner.step()).as("the minute's share is out").isFalse();
            given().get(replay)
                    .then()
                    .body("replayed", is(1))
                    .body("waiting", is(4))
                    .body("status", is("running"));
            post(replay + "/pause", "").statusCode(200).body("status", is("paused"));
            tables.run("update resolution set next_at = now()");
            assertThat(runner.step()).isFalse();
            post(replay + "/resume", "").statusCode(200);
            assertThat(runner.step()).isTrue();
            post(replay + "/abort", "").statusCode(200).body("status", is("aborted"));
            given().get(replay).then().body("replayed", is(2)).body("skipped.aborted", is(3));
            post(replay + "/resume", "").statusCode(409).body("code", is("operation_ended"));
        }

        @Test
        void shouldReplayAsManyAtOnceAsItsRateGivesASecond() {
            IntStream.range(0, 5).forEach(n -> failed(n, "provider_error", "oops"));
            String replay = created("/v1/replays", "{\"filter\": {}, \"rate_per_minute\": 180}");

            assertThat(runner.step()).isTrue();

            given().get(replay).then().body("replayed", is(3)).body("waiting", is(2));
        }

        @Test
        void shouldMakeOneReplayForAKey() {
            failed(0, "provider_error", "oops");
            for (String repeated : new String[] {null, "true"}) {
                given().contentType("application/json")
                        .header("Idempotency-Key", "night")
                        .body("{\"filter\": {}}")
                        .post("/v1/replays")
                        .then()
                        .statusCode(202)
                        .header("Idempotent-Replayed", is(repeated));
            }
            assertThat(tables.value("select count(*) from resolution")).isEqualTo("1");
        }

        @Test
        void shouldReplayOneJobOnceForAKey() {
            failed(0, "provider_error", "oops");
            failed(1, "moderated", "refused");
            keyed(1, "mine").statusCode(409);
            keyed(0, "mine").statusCode(200).body("status", is("queued")).header("Idempotent-Replayed", nullValue());
            post("/v1/jobs/" + id(0) + "/cancel", "").statusCode(200);

            String replay = keyed(0, "mine")
                    .statusCode(200)
                    .body("status", is("cancelled"))
                    .header("Idempotent-Replayed", "true")
                    .extract()
                    .header("Location");
            given().get(replay).then().statusCode(200).body("replayed", is(1)).body("status", is("done"));
            keyed(1, "mine").statusCode(422).body("code", is("key_reused"));
            assertThat(tables.value("select count(*) from resolution")).isEqualTo("1");
        }

        private ValidatableResponse keyed(int n, String key) {
            return given().header("Idempotency-Key", key)
                    .post("/v1/jobs/" + id(n) + "/replay")
                    .then();
        }

        @Test
        void shouldRefuseWhatMakesNoSense() {
            post(
                            "/v1/replays",
                            "{\"filter\": {\"status\": \"running\"}, \"force\": [\"uncertain\"], \"input_overrides\": {},"
                                    + " \"rate_per_minute\": 0, \"overrides\": 1}")
                    .statusCode(422)
                    .body("errors.field", hasItem("filter.status"))
                    .body("errors.field", hasItem("force"))
                    .body("errors.field", hasItem("input_overrides"))
                    .body("errors.field", hasItem("rate_per_minute"))
                    .body("errors.message", hasItem("unknown field; did you mean \"input_overrides\"?"));
            post("/v1/replays", "{}").statusCode(422).body("errors.field", hasItem("filter"));
            post("/v1/replays", "{\"filter\": {\"batch_id\": \"" + BATCH + "\"}, \"missing\": true}")
                    .statusCode(422)
                    .body("detail", is("filter.batch_id: there is no batch " + BATCH));
            post("/v1/replays", "{\"filter\": {}, \"missing\": true}")
                    .statusCode(422)
                    .body("detail", containsString("a batch and nothing else"));
            batch("paused");
            post(
                            "/v1/replays",
                            "{\"filter\": {\"batch_id\": \"" + BATCH
                                    + "\"}, \"missing\": true, \"input_overrides\": {\"duration\": 3}}")
                    .statusCode(422)
                    .body("detail", containsString("lets jobs that wait go on as they are"));
            post("/v1/replays", "{\"source\": \"topic\", \"filter\": {}, \"since\": \"2026-11-30T00:00:00Z\"}")
                    .statusCode(422)
                    .body("errors.field", hasItem("source"))
                    .body("errors.field", hasItem("since"));
            post("/v1/replays", "{\"source\": \"dead_letters\", \"until\": \"monday\", \"missing\": true}")
                    .statusCode(422)
                    .body("errors.field", hasItem("until"))
                    .body("errors.field", hasItem("missing"));
        }
    }

    /** Each fault is told once, and in words that are true of what was given. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "replays | {\"filter\":{},\"input_overrides\":{}} | input_overrides: changes nothing; it must be an object with what",
                "replays | {\"filter\":{},\"input_overrides\":[]} | input_overrides: a list is not allowed; it must be an object",
                "replays | {\"filter\":{\"id\":[]}} | filter.id: is an empty list",
                "replays | {\"filter\":\"all\"} | filter: \"all\" is not allowed; it must be an object",
                "holds | {\"filter\":[]} | filter: a list is not allowed; it must be an object",
                "holds | {} | filter: is required: an object",
                "holds | {\"filter\":{\"bogus\":1}} | filter.bogus: unknown field; known: id, status,",
                "holds | {\"filter\":{\"created_after\":\"now\"}} | filter.created_after: \"now\" is not a time such as 2026-01-31T18:30:00Z\\E$",
                "resolutions | {\"filter\":{},\"decision\":\"bogus\"} | decision: \"bogus\" is not known; use one of adopt,",
                "resolutions | {\"filter\":{}} | decision: is required: one of adopt,",
                "replays | {\"missing\":true} | filter: with missing it must be a batch and nothing else",
                "replays | {\"missing\":true,\"filter\":\"all\"} | filter: with missing it must be a batch and nothing else",
                "replays | {\"missing\":true,\"filter\":{\"batch_id\":\"x\"}} | filter.batch_id: \"x\" is not a UUID",
                "jobs/019b3f6e-5a70-7c3e-9d0b-000000000000/replay | {\"bogus\":1} | bogus: unknown field; known fields: input_overrides, force, requested_by, note\\E$",
                "jobs/019b3f6e-5a70-7c3e-9d0b-000000000000/replay | {\"filter\":{}} | filter: is for many jobs"
            })
    void shouldSayWhatIsWrong(String path, String body, String detail) {
        post("/v1/" + path, body)
                .statusCode(422)
                .body("detail", matchesPattern("(?s)\\Q" + detail + (detail.endsWith("$") ? "" : "\\E.*")));
    }

    @Test
    void shouldSayWhichOutcomesThereAre() {
        failed(0, "provider_error", "oops");
        given().get(created("/v1/replays", "{\"filter\": {}}") + "/jobs?outcome=failed")
                .then()
                .statusCode(400)
                .body(
                        "detail",
                        is(
                                "outcome: \"failed\" is not an outcome; use replayed, waiting, or a reason for which jobs were skipped, such as parked"));
    }

    /** Who mistypes a name is told so, and not that all went well. */
    @Nested
    class Names {
        private static final String NOWHERE = "019b3f6e-2222-7c3e-9d0b-2f6c1a8e4d11";

        @ParameterizedTest
        @ValueSource(strings = {"replays", "cancellations", "holds", "releases", "resolutions"})
        void shouldRefuseWhatIsNotThere(String kind) {
            failed(0, "provider_error", "oops");
            String decision = kind.equals("resolutions") ? ", \"decision\": \"abandon\"" : "";

            post("/v1/" + kind, """
                    {"filter": {"id": ["%s", "%s"], "batch_id": "%s", "replay_id": "%s"}%s}
                    """.formatted(id(0), NOWHERE, NOWHERE, NOWHERE, decision))
                    .statusCode(422)
                    .body("errors.field", contains("filter.id", "filter.batch_id", "filter.replay_id"))
                    .body(
                            "errors.message",
                            contains(
                                    "there is no job " + NOWHERE,
                                    "there is no batch " + NOWHERE,
                                    "there is no replay " + NOWHERE));
            assertThat(tables.value("select count(*) from resolution")).isEqualTo("0");
        }

        @Test
        void shouldNameTenOfManyJobsThatAreNotThere() {
            failed(0, "provider_error", "oops");
            String ids =
                    IntStream.range(0, 13).mapToObj(n -> "\"" + id(n) + "\"").collect(Collectors.joining(", "));

            post("/v1/replays", "{\"filter\": {\"id\": [" + ids + "]}, \"dry_run\": true}")
                    .statusCode(422)
                    .body("detail", startsWith("filter.id: there is no job " + id(1) + ", " + id(2) + ", "))
                    .body("detail", endsWith(", " + id(10) + " and 2 more"));
        }

        @Test
        void shouldTellOfEveryJobThatIsNamedWhyItCannotGo() {
            failed(0, "provider_error", "oops");
            job(1, "queued", null, null, "{\"prompt\": \"rain\"}");
            job(2, "succeeded", null, null, "{\"prompt\": \"rain\"}");
            String filter = "{\"id\": [\"%s\", \"%s\", \"%s\"]%%s}".formatted(id(0), id(1), id(2));
            String body = "{\"filter\": " + filter + ", \"dry_run\": true}";

            post("/v1/replays", body.formatted(""))
                    .body("matched", is(3))
                    .body("waiting", is(1))
                    .body("skipped.under_way", is(1))
                    .body("skipped.succeeded", is(1));
            post("/v1/replays", body.formatted(", \"status\": \"failed\"")).body("matched", is(1));
            post("/v1/holds", body.formatted("")).body("waiting", is(1)).body("skipped.ended", is(2));
            post("/v1/cancellations", body.formatted("")).body("waiting", is(1)).body("skipped.ended", is(2));
            post("/v1/releases", body.formatted(""))
                    .body("waiting", is(0))
                    .body("skipped.not_held", is(1))
                    .body("skipped.ended", is(2));
        }

        @Test
        void shouldRefuseTimesBetweenWhichNothingCanBe() {
            post("/v1/replays", """
                    {"filter": {"created_after": "2026-01-02T00:00:00Z", "created_before": "2026-01-01T00:00:00Z"}}
                    """).statusCode(422).body("errors.field", contains("filter.created_before"));
            post("/v1/replays", """
                    {"source": "dead_letters", "since": "2026-01-02T00:00:00Z", "until": "2026-01-02T01:00:00+01:00"}
                    """).statusCode(422).body("errors.field", contains("until"));
        }

        @Test
        void shouldTellHowManyLettersBecameNoJob() {
            String replay = created("/v1/replays", "{\"filter\": {}}");
            given().get(replay).then().body("refused_count", is(0)).body("refused.size()", is(0));
            tables.run(
                    "insert into replay_refusal (resolution_id, number, key, reason, message)"
                            + " select ?::uuid, n, 'key-' || n, 'record_invalid', 'no' from generate_series(1, 105) n",
                    replay.substring(replay.lastIndexOf('/') + 1));

            given().get(replay)
                    .then()
                    .body("refused_count", is(105))
                    .body("refused.size()", is(100))
                    .body("refused[99].key", is("key-100"));
        }

        /** What is replayed leaves its group of failures: what the replay queued is found by the replay. */
        @Test
        void shouldHoldWhatAReplayQueued() {
            failed(0, "provider_error", "oops");
            failed(1, "provider_error", "oops");
            failed(2, "moderated", "refused");
            job(3, "queued", null, null, "{\"prompt\": \"rain\"}");
            String location = created("/v1/replays", "{\"filter\": {}}");
            String filter = "{\"filter\": {\"replay_id\": \"%s\"%%s}}"
                    .formatted(location.substring(location.lastIndexOf('/') + 1));
            post("/v1/holds", filter.formatted("")).statusCode(202).body("matched", is(0));
            carriedOut(location).body("replayed", is(2));

            carriedOut(created("/v1/holds", filter.formatted(", \"id\": [\"" + id(0) + "\", \"" + id(2) + "\"]")))
                    .body("matched", is(1))
                    .body("held", is(1));
            carriedOut(created("/v1/holds", filter.formatted("")))
                    .body("matched", is(2))
                    .body("held", is(1))
                    .body("skipped.held_already", is(1));
            assertThat(row(3)).startsWith("queued ");
            carriedOut(created("/v1/cancellations", filter.formatted(""))).body("cancelled", is(2));
            post("/v1/replays", filter.formatted(", \"status\": \"cancelled\""))
                    .statusCode(202)
                    .body("matched", is(2));
            post("/v1/replays", filter.formatted("")).statusCode(202).body("matched", is(0));
        }
    }

    @Nested
    class Overrides {
        @Test
        void shouldKeepOldAndNewInputsWhenTheyAreCorrected() {
            failed(0, "moderated", "refused");

            String replay = created(
                    "/v1/replays",
                    "{\"filter\": {}, \"input_overrides\": {\"prompt\": \"soft rain\", \"duration\": null, \"num_inference_steps\": 7}}");

            carriedOut(replay).body("replayed", is(1)).body("input_overrides.num_inference_steps", is(7));
            given().get("/v1/jobs/" + id(0))
                    .then()
                    .body("input.prompt", is("soft rain"))
                    .body("input", not(containsString("duration")))
                    .body("replays[0].input.prompt", is("rain"));
            assertThat(tables.value("select input from job_replay"))
                    .isEqualTo("{\"prompt\": \"rain\", \"duration\": 10.0}");
        }

        /** As one that is set. What the input has goes, whatever the model has. */
        @Test
        void shouldRefuseToRemoveAFieldThatIsNone() {
            failed(0, "provider_error", "oops");
            job(1, "failed", "invalid_input", "lenght", "{\"prompt\": \"rain\", \"lenght\": 10}");
            String body = "{\"filter\": {\"id\": \"%s\"}, \"input_overrides\": {\"%s\": null}}";

            for (String value : List.of("null", "1")) {
                post("/v1/replays", body.replace("null", value).formatted(id(0), "nosuch"))
                        .statusCode(422)
                        .body("detail", startsWith("input_overrides.nosuch: unknown field \"nosuch\"; known fields: "));
            }
            post("/v1/jobs/" + id(0) + "/replay", "{\"input_overrides\": {\"duratoin\": null}}")
                    .statusCode(422)
                    .body("detail", containsString("did you mean \"duration\"?"));
            post("/v1/replays", body.formatted(id(1), "lenght")).statusCode(202).body("waiting", is(1));
            post("/v1/replays", body.formatted(id(0), "negative_prompt"))
                    .statusCode(202)
                    .body("waiting", is(1));
        }

        @Test
        void shouldLetAPlanKnowATakeAgainWhoseFormerInputIsRefusedByNow() {
            job(0, "failed", "invalid_input", "too long", "{\"prompt\": \"rain\", \"duration\": 500}");
            tables.run("update job_payload set content_key = ?", key(500));
            tables.run("insert into library (name) values ('l')");
            tables.run(
                    "insert into take (library, reference, number, content_key, job_id) values ('l', 'rain', 2, ?, ?)",
                    key(500),
                    id(0));

            carriedOut(created("/v1/replays", "{\"filter\": {}, \"input_overrides\": {\"duration\": 90}}"))
                    .body("replayed", is(1));

            assertThat(tables.value("select content_key from job_payload")).isEqualTo(key(90));
        }

        /** Of the second take. */
        private String key(int duration) {
            String effective = """
                    {"prompt":"rain","duration":%d,"num_inference_steps":8,"guidance_scale":1,"output_format":"mp3"}
                    """.formatted(duration);
            return switch (StrictJson.read(effective.getBytes(StandardCharsets.UTF_8))) {
                case JsonRead.Value(JsonNode json) -> ContentKey.of(MUSIC, (ObjectNode) json, 2);
                case JsonRead.Malformed malformed -> throw new AssertionError(malformed.reason());
            };
        }

        @Test
        void shouldStartNothingWhenOneJobDoesNotTakeThem() {
            failed(0, "provider_error", "oops");
            failed(1, "provider_error", "oops");
            tables.run(
                    "update job set model = 'wavespeed-ai/ace-step/audio-outpaint' where id = ?",
                    failed(2, "provider_error", "oops"));

            post("/v1/replays", "{\"filter\": {}, \"input_overrides\": {\"duration\": 5000}}")
                    .statusCode(422)
                    .body("errors.field", hasItem("input_overrides.duration"))
                    .body("errors.message", hasItem(containsString("(2 jobs of " + MUSIC + ", such as " + id(0) + ")")))
                    .body("errors.message", hasItem(containsString("(1 job of wavespeed-ai/ace-step/audio-outpaint")));

            assertThat(tables.value("select count(*) from resolution")).isEqualTo("0");
            assertThat(tables.column("select distinct status from job")).containsExactly("failed");
        }
    }

    @Nested
    class Clips {
        private static final String OUTPAINT = "wavespeed-ai/ace-step/audio-outpaint";

        private void clip(String sha256) {
            tables.run(
                    "insert into media (sha256, bytes, content_type, filename, duration_seconds, used_at)"
                            + " values (?, 1, 'audio/wav', 'a.wav', 10, now() - interval '2 days')",
                    sha256);
        }

        private String usedLately(String sha256) {
            return tables.value("select used_at > now() - interval '1 hour' from media where sha256 = ?", sha256);
        }

        private void ofClip(int n, String sha256) {
            job(
                    n,
                    "failed",
                    "provider_error",
                    "oops",
                    "{\"audio\": \"media:sha256:%s\", \"tags\": \"calm\"}".formatted(sha256));
            tables.run("update job set model = ? where id = ?", OUTPAINT, id(n));
        }

        /** A call that took another one while it has its own would wait for itself. */
        @Test
        void shouldTakeOneConnectionForAReplayOfJobsWithClips() throws SQLException {
            String sha256 = "a".repeat(64);
            clip(sha256);
            ofClip(0, sha256);

            try (Taken taken = Taken.allBut(1, pool)) {
                created("/v1/replays", "{\"filter\": {}, \"input_overrides\": {\"tags\": \"wild\"}}");
                assertThat(taken.connections()).isNotEmpty();
            }
        }

        @Test
        void shouldKeepTheClipsOfAReplayThatIsMadeAndOfAJobThatGoes() {
            String named = "b".repeat(64);
            String its = "a".repeat(64);
            clip(named);
            clip(its);
            ofClip(0, its);
            ofClip(1, its);
            String overrides = "{\"filter\": {\"id\": \"%s\"}, \"input_overrides\": %s, \"dry_run\": %s}";
            String other = "{\"audio\": \"media:sha256:" + named + "\"}";

            post("/v1/replays", overrides.formatted(id(0), other, true)).statusCode(200);
            assertThat(usedLately(named)).as("nothing comes of a dry run").isEqualTo("f");
            String replay = created("/v1/replays", overrides.formatted(id(0), other, false));
            assertThat(usedLately(named)).isEqualTo("t");
            carriedOut(replay).body("replayed", is(1));
            assertThat(usedLately(its)).isEqualTo("f");
            post("/v1/jobs/" + id(1) + "/replay", "").statusCode(200);
            assertThat(usedLately(its)).isEqualTo("t");
        }

        @Test
        void shouldRefuseAClipThatWasNeverGivenToUs() {
            ofClip(0, "a".repeat(64));

            post(
                            "/v1/replays",
                            "{\"filter\": {}, \"input_overrides\": {\"audio\": \"media:sha256:%s\"}}"
                                    .formatted("c".repeat(64)))
                    .statusCode(422)
                    .body("errors.message", hasItem(containsString("is not known here")));
        }
    }

    /** The pool's connections, taken from everybody else. */
    private record Taken(List<Connection> connections) implements AutoCloseable {
        static Taken allBut(int left, AgroalDataSource pool) throws SQLException {
            int size = pool.getConfiguration().connectionPoolConfiguration().maxSize();
            Taken taken = new Taken(new ArrayList<>());
            while (taken.connections.size() < size - left) {
                taken.connections.add(pool.getConnection());
            }
            return taken;
        }

        @Override
        public void close() throws SQLException {
            for (Connection connection : connections) {
                connection.close();
            }
        }
    }

    @Nested
    class Guards {
        /** One job, one replay of it alone: refused with its reason, and where it can be forced, then done. */
        private void refused(int n, String reason, String message, boolean isForcible) {
            String before = row(n);
            post("/v1/jobs/" + id(n) + "/replay", "")
                    .statusCode(409)
                    .body("code", is("not_replayed"))
                    .body("reason", is(reason))
                    .body("can_be_forced", is(isForcible))
                    .body("detail", startsWith(reason + ": "))
                    .body("detail", containsString(message))
                    .body(
                            "detail",
                            isForcible
                                    ? containsString("\"force\": [\"" + reason + "\"]")
                                    : not(containsString("force")));
            assertThat(row(n)).isEqualTo(before);
            if (isForcible) {
                post("/v1/jobs/" + id(n) + "/replay", "{\"force\": [\"" + reason + "\"]}")
                        .statusCode(200)
                        .body("status", is("queued"));
            } else {
                post("/v1/jobs/" + id(n) + "/replay", "{\"force\": [\"" + reason + "\"]}")
                        .statusCode(422)
                        .body("detail", containsString("cannot be forced"));
            }
        }

        @Test
        void shouldNotReplayWhatIsOnItsWay() {
            job(0, "queued", null, null, "{\"prompt\": \"rain\"}");
            refused(0, "under_way", "it has not ended", false);
        }

        @Test
        void shouldNotReplayWhatSucceeded() {
            job(0, "succeeded", null, null, "{\"prompt\": \"rain\"}");
            output(0, false);
            refused(0, "succeeded", "no output of it is lost", false);
        }

        @Test
        void shouldNotReplayWhatMayBeChargedStill() {
            failed(0, "provider_error", "oops");
            tables.run("update attempt set status = 'uncertain', prediction_id = null");
            refused(0, "uncertain", "nobody knows yet whether its submit was taken and charged", false);
        }

        @Test
        void shouldNotReplayBlindlyWhatWasGivenUpInDoubt() {
            failed(0, "uncertain_submission", "a person gave it up");
            tables.run("update attempt set prediction_id = null, charged_usd = null");
            refused(0, "may_be_charged", "it may have been charged", true);
        }

        @Test
        void shouldNotReplayBlindlyWhatAWebhookSaysWasTaken() {
            failed(0, "provider_error", "not created");
            tables.run("update attempt set status = 'not_created', prediction_id = null, charged_usd = null");
            tables.run(
                    "insert into webhook_evidence (token, prediction_id, job_id, attempt) values (gen_random_uuid(), 'p-late', ?, 1)",
                    id(0));
            refused(0, "may_be_charged", "signs that it was taken", true);
        }

        @Test
        void shouldNotReplayBlindlyWhatLacksItsAttempt() {
            failed(0, "internal", "damaged");
            tables.run("delete from attempt");
            refused(0, "may_be_charged", "it may have been charged", true);
        }

        /** A cue whose job failed on two nights has two failed jobs: one of them is its take's. */
        @Test
        void shouldNotReplayWhatItsTakeHasAnotherJobForWhateverBecameOfThat() {
            batch(null);
            failed(0, "provider_error", "oops");
            failed(1, "provider_error", "oops");
            takeNames(1);
            tables.run("update job set batch_id = gen_random_uuid() where id = ?", id(1));

            refused(0, "superseded", "its library has another job for it since", true);
            post("/v1/jobs/" + id(1) + "/replay", "{}").statusCode(200).body("status", is("queued"));
        }

        /** A batch that is made at once, without a plan, may have several lines of one reference: its take is the first's. */
        @Test
        void shouldReplayALineWhoseTakeNamesAnotherLineOfItsBatch() {
            batch(null);
            failed(0, "provider_error", "oops");
            job(1, "succeeded", null, null, "{\"prompt\": \"rain\"}");
            takeNames(1);

            post("/v1/jobs/" + id(0) + "/replay", "{}").statusCode(200).body("status", is("queued"));
        }

        private void takeNames(int n) {
            tables.run("update batch set name = 'forest'");
            tables.run("update job set reference = 'rain'");
            tables.run("insert into library (name) values ('forest')");
            tables.run(
                    "insert into take (library, reference, number, content_key, job_id) values ('forest', 'rain', 1, repeat('a', 64), ?)",
                    id(n));
        }

        @Test
        void shouldNotReplayALineWithoutAReferenceThatALaterBatchHasMade() {
            failed(0, "provider_error", "oops");
            job(1, "succeeded", null, null, "{\"prompt\": \"rain\"}");
            tables.run("update job_payload set content_key = repeat('a', 64)");
            another("1 s");

            refused(0, "superseded", "its library has another job for it since", true);
        }

        /** Two equal lines are two renderings; a result that is lost is none; and what was made before is no answer. */
        @ParameterizedTest
        @ValueSource(strings = {"of its batch", "older", "lost"})
        void shouldReplayWhatNoOtherJobStandsFor(String other) {
            failed(0, "provider_error", "oops");
            job(1, "succeeded", null, null, "{\"prompt\": \"rain\"}");
            tables.run("update job_payload set content_key = repeat('a', 64)");
            switch (other) {
                case "of its batch" ->
                    tables.run(
                            "update job_payload set created_at = created_at + interval '1 s' where job_id = ?", id(1));
                case "older" -> another("-1 s");
                default -> {
                    another("1 s");
                    output(1, true);
                }
            }

            post("/v1/jobs/" + id(0) + "/replay", "{}").statusCode(200).body("status", is("queued"));
        }

        /** Another batch's, made so much later. */
        private void another(String later) {
            tables.run("update job set batch_id = gen_random_uuid() where id = ?", id(1));
            tables.run("update job_payload set created_at = created_at + ?::interval where job_id = ?", later, id(1));
        }

        @Test
        void shouldNotReplayWhatTheProviderHasNotEnded() {
            failed(0, "provider_timeout", "deadline");
            tables.run(
                    "insert into lookout (prediction_id, model, reason, made_at) values ('p-0', ?, 'deadline', now())",
                    MUSIC);
            refused(0, "prediction_pending", "may yet make its clip", false);
            tables.run("delete from lookout");
        }

        @Test
        void shouldNotBuyAResultAgain() {
            job(0, "cancelled", null, null, "{\"prompt\": \"rain\"}");
            output(0, false);
            refused(0, "has_result", "its result is there", true);
            assertThat(tables.value("select number from output"))
                    .as("it is no part of the next one")
                    .isEqualTo("1000");
        }

        @Test
        void shouldReplayAgainWhatLostAPartOfItsResultAndThenFailed() {
            job(0, "succeeded", null, null, "{\"prompt\": \"rain\"}");
            output(0, true);
            tables.run("insert into output (job_id, number, attempt, url, archived_at, file, bytes, sha256)"
                    + " select job_id, 1, 1, url, now(), 'g', 1, 'ab' from output");
            post("/v1/jobs/" + id(0) + "/replay", "").statusCode(200);
            tables.run(
                    "update job set status = 'failed', attempt = 2, version = version + 1, dispatch_at = null, settled_at = now(),"
                            + " error_class = 'provider_error', error_message = 'x', error_retryable = false");
            tables.run(
                    "insert into attempt (job_id, number, status, worker_id, prediction_id, price_usd, reserved_usd, budget_day)"
                            + " select job_id, 2, 'failed', worker_id, 'p-2', 0.0217, 0.0217, budget_day from attempt");

            post("/v1/jobs/" + id(0) + "/replay", "").statusCode(200);

            assertThat(tables.value("select number from output")).isEqualTo("1001");
        }

        @Test
        void shouldHeedWhatTheProvidersHistorySaysOfAJobThatWasRestored() {
            for (String evidence : List.of("provider_has_it", "history_unread")) {
                tables.empty();
                failed(0, "provider_error", "oops");
                tables.run(
                        "insert into restored_job (job_id, letter_key, active_at, input_key, evidence, evidence_message)"
                                + " values (?, 'k', now(), repeat('a', 64), ?, 'prediction p')",
                        id(0),
                        evidence);
                refused(0, evidence, "the provider's history", true);
            }
        }

        /** Only the prediction's id lets a person look at it before it is forced. */
        @ParameterizedTest
        @ValueSource(strings = {"provider_has_it", "history_unread"})
        void shouldNameThePredictionThatSpeaksAgainstARestoredJob(String evidence) {
            failed(0, "provider_error", "oops");
            failed(1, "provider_error", "oops");
            tables.run(
                    "insert into restored_job (job_id, letter_key, active_at, input_key, evidence, evidence_message)"
                            + " select id, 'k', now(), repeat('a', 64), ?, 'prediction p of ' || id from job",
                    evidence);
            String all = "{\"filter\": {}, \"dry_run\": %s}";
            String message = "prediction p of " + id(1) + "; the provider's history ";

            post("/v1/jobs/" + id(1) + "/replay", "")
                    .statusCode(409)
                    .body("detail", startsWith(evidence + ": " + message))
                    .body("detail", endsWith("\"force\": [\"" + evidence + "\"] goes on all the same"));
            post("/v1/replays", all.formatted(true)).body("skipped_jobs[1].message", startsWith(message));
            String location = created("/v1/replays", all.formatted(false));
            carriedOut(location).body("skipped." + evidence, is(2));
            given().get(location + "/jobs?outcome=" + evidence).then().body("items[1].message", startsWith(message));
            tables.run("update job set replays = 3, replayed_at = now()");
            post("/v1/replays", all.formatted(true)).body("skipped_jobs[1].message", startsWith("it is parked: "));
        }

        /** The history was asked about its former input: the same correction may have been bought before the database was lost. */
        @Test
        void shouldNotReplayARestoredJobWithAnInputThatTheHistoryWasNotAskedAbout() {
            failed(0, "provider_error", "oops");
            tables.run(
                    "insert into restored_job (job_id, letter_key, active_at, input_key) values (?, 'k', now(), repeat('a', 64))",
                    id(0));
            String corrected = "{\"input_overrides\": {\"duration\": 12}%s}";

            post("/v1/jobs/" + id(0) + "/replay", corrected.formatted(""))
                    .statusCode(409)
                    .body("reason", is("history_unread"))
                    .body("detail", containsString("only a replay from the topic asks it"));
            post("/v1/jobs/" + id(0) + "/replay", corrected.formatted(", \"force\": [\"history_unread\"]"))
                    .statusCode(200);
        }

        @Test
        void shouldParkAJobThatWasReplayedOftenEnough() {
            failed(0, "provider_error", "oops");
            tables.run("update job set replays = 3, replayed_at = now()");
            refused(0, "parked", "it was replayed as often as it may be", true);
        }

        @Test
        void shouldNotSubmitModeratedContentUnchanged() {
            failed(0, "moderated", "refused");
            post("/v1/jobs/" + id(0) + "/replay", "{\"input_overrides\": {\"duration\": 1e1}}")
                    .statusCode(409)
                    .body("detail", startsWith("moderated: "));
            refused(0, "moderated", "it would be submitted unchanged", true);
            job(1, "cancelled", "moderated", "refused while its cancel was asked for", "{\"prompt\": \"rain\"}");
            refused(1, "moderated", "it would be submitted unchanged", true);
        }

        @Test
        void shouldNotReplayWhatTheCatalogueDoesNotTake() {
            job(0, "failed", "invalid_input", "bad", "{\"prompt\": 5}");
            refused(0, "no_longer_valid", "does not take its input", false);
        }

        @Test
        void shouldNotReplayIntoACancelledBatch() {
            batch("cancelled");
            job(0, "cancelled", null, null, "{\"prompt\": \"rain\"}");
            refused(0, "batch_cancelled", "would cancel it again", false);
        }

        private void output(int n, boolean lost) {
            tables.run("""
                    insert into output (job_id, number, attempt, url, error, lost_at, archived_at, file, bytes, sha256)
                    select ?, 0, 1, 'https://p/clip', case when l then 'gone' end, case when l then now() end,
                           case when not l then now() end, case when not l then 'f' end, 1, 'ab'
                    from (values (?)) v(l)
                    """, id(n), lost);
        }

        @Test
        void shouldLetGoAtOnceWhatWaitsForItsBatchAloneAndTellOfIt() {
            batch("paused");
            failed(0, "provider_error", "oops");
            failed(1, "provider_error", "oops");
            job(2, "queued", null, null, "{\"prompt\": \"rain\"}");
            job(3, "held", "paused", "the batch", "{\"prompt\": \"rain\"}");
            tables.run("update job set held_by_batch = true where id = ?", id(3));
            job(4, "held", "paused", "a person", "{\"prompt\": \"rain\"}");
            tables.run("update job set held_by_person = true where id = ?", id(4));
            String replay = created(
                    "/v1/replays",
                    "{\"filter\": {\"batch_id\": \"%s\"}, \"missing\": true, \"rate_per_minute\": 1}".formatted(BATCH));

            given().get(replay).then().body("replayed", is(2)).body("waiting", is(3));
            tables.run(
                    "update job set status = 'failed', attempt = 2, version = version + 1, dispatch_at = null, settled_at = now(),"
                            + " error_class = 'provider_error', error_message = 'oops', error_retryable = true where id = '"
                            + id(2) + "'");
            tables.run(
                    "insert into attempt (job_id, number, status, worker_id, prediction_id, price_usd, reserved_usd, charged_usd, budget_day)"
                            + " values (?, 2, 'failed', ?, 'p-2-2', 0.0217, 0.0217, 0.0217, current_date)",
                    id(2),
                    WORKER);
            post(replay + "/abort", "")
                    .statusCode(200)
                    .body("replayed", is(2))
                    .body("skipped.aborted", is(3))
                    .body("outcomes.failed", is(1))
                    .body("charged_usd", is(0.0217f));
            String its = "replay_id=" + replay.substring(replay.lastIndexOf('/') + 1);
            given().get("/v1/jobs?" + its)
                    .then()
                    .body("items.id", containsInAnyOrder(id(2).toString(), id(3).toString()));
            given().get("/v1/failures?" + its).then().body("items[0].jobs", is(1));
            carriedOut(created("/v1/replays", "{\"filter\": {\"id\": \"%s\"}}".formatted(id(2))))
                    .body("replayed", is(1));
            tables.run(
                    "insert into attempt (job_id, number, status, worker_id, prediction_id, price_usd, reserved_usd, charged_usd, budget_day)"
                            + " values (?, 3, 'completed', ?, 'p-2-3', 0.0217, 0.0217, 0.0217, current_date)",
                    id(2),
                    WORKER);
            given().get(replay).then().body("charged_usd", is(0.0217f));
            assertThat(row(4)).isEqualTo("held paused 0 0 f paused");
        }

        @Test
        void shouldBringABatchToCompletenessFromAnyState() {
            batch("cancelled");
            failed(0, "provider_error", "oops");
            job(1, "cancelled", null, null, "{\"prompt\": \"rain\"}");
            tables.run("update job set version = version + 1, cancel_requested = true where id = ?", id(1));
            job(2, "succeeded", null, null, "{\"prompt\": \"rain\"}");
            output(2, true);
            job(3, "succeeded", null, null, "{\"prompt\": \"rain\"}");
            output(3, false);
            job(4, "held", "paused", "a person", "{\"prompt\": \"rain\"}");
            tables.run("update job set held_by_person = true where id = ?", id(4));
            refused(4, "under_way", "it has not ended", false);
            job(6, "queued", null, null, "{\"prompt\": \"rain\"}");
            job(7, "running", null, null, "{\"prompt\": \"rain\"}");
            job(5, "held", "budget", "too dear", "{\"prompt\": \"rain\"}");
            tables.run("update job set version = version + 1, hold_reason = 'budget' where id = ?", id(5));
            String body = "{\"filter\": {\"batch_id\": \"%s\"}, \"missing\": true, \"dry_run\": %s}";

            post("/v1/replays", body.formatted(BATCH, true))
                    .statusCode(200)
                    .body("matched", is(6))
                    .body("waiting", is(5))
                    .body("skipped.waits", is(1))
                    .body("estimated_usd", is(0.1085f))
                    .body("by_model[0].jobs", is(5));
            assertThat(tables.value("select stop from batch")).isEqualTo("cancelled");
            String replay = created("/v1/replays", body.formatted(BATCH, false));
            assertThat(row(7)).as("a wish to cancel is taken back").isEqualTo("running 0 0 f");
            carriedOut(replay).body("replayed", is(5));

            assertThat(tables.column("select stop from batch")).containsExactly((String) null);
            assertThat(row(0)).isEqualTo("queued 1 1 f");
            assertThat(row(1)).isEqualTo("queued 1 1 f");
            assertThat(row(2)).isEqualTo("queued 1 1 f");
            assertThat(row(3)).isEqualTo("succeeded 0 0 f");
            assertThat(row(4)).isEqualTo("queued 0 0 f");
            assertThat(row(5)).isEqualTo("held budget 0 0 f budget");
            assertThat(row(6)).isEqualTo("queued 0 0 f");
            assertThat(tables.column("select job_id::text from output")).containsExactly(id(3).toString());
        }
    }

    @Nested
    class Bounds {
        @Test
        void shouldWaitWhileItsBatchIsPaused() {
            batch("paused");
            failed(0, "provider_error", "oops");

            carriedOut(created("/v1/replays", "{\"filter\": {}}")).body("replayed", is(1));
            follower.step();
            tables.run("update batch set follow_at = now()");
            follower.step();

            assertThat(row(0)).isEqualTo("held paused 1 1 f paused");
        }

        @Test
        void shouldBeClaimedAsFarAsTheDaysBudgetAllowsAndWithItsTriesAnew() {
            tables.run("update account set daily_budget_usd = 0.03, balance_usd = 5");
            failed(0, "provider_error", "oops");
            failed(1, "provider_error", "oops");
            post("/v1/replays", "{\"filter\": {}, \"dry_run\": true}")
                    .body("estimated_usd", is(0.0434f))
                    .body("balance_usd", is(5))
                    .body("budget_left_usd", is(0.03f));

            carriedOut(created("/v1/replays", "{\"filter\": {}}")).body("replayed", is(2));
            tables.run("insert into worker (id, host, pid, version) values (?, 'here', 1, 'test')", WORKER);
            List<ClaimedJob> claimed = claims.claim(
                            WORKER,
                            fences.next(),
                            2,
                            List.of(new Candidate(id(0), 1, 0), new Candidate(id(1), 1, 0)),
                            Caution.NONE)
                    .claimed();
            tables.run("delete from worker where id = ?", WORKER);

            assertThat(claimed).singleElement().satisfies(job -> {
                assertThat(job.attempt()).isEqualTo(2);
                assertThat(job.maxAttempts()).isEqualTo(4);
            });
            assertThat(List.of(row(0), row(1)))
                    .containsExactlyInAnyOrder("submitting 1 1 f", "held budget 1 1 f budget");
        }
    }

    @Nested
    class Stopping {
        @Test
        void shouldHoldReleaseAndCancelByTheSameFilters() {
            job(0, "queued", null, null, "{\"prompt\": \"rain\"}");
            job(1, "queued", null, null, "{\"prompt\": \"rain\"}");
            failed(2, "provider_error", "oops");
            String one = "{\"filter\": {\"id\": \"" + id(0) + "\"}, \"dry_run\": %s}";

            post("/v1/holds", one.formatted(true))
                    .statusCode(200)
                    .body("matched", is(1))
                    .body("waiting", is(1))
                    .body("held", is(0));
            String hold = created("/v1/holds", one.formatted(false));
            carriedOut(hold).body("held", is(1)).body("status", is("done"));
            assertThat(row(0)).isEqualTo("held paused 0 0 f paused");
            post("/v1/account/resume", "");
            carriedOut(created("/v1/holds", "{\"filter\": {}}"))
                    .body("held", is(1))
                    .body("skipped.held_already", is(1));

            carriedOut(created("/v1/releases", one.formatted(false))).body("released", is(1));
            assertThat(row(0)).isEqualTo("queued 0 0 f");
            assertThat(row(1)).isEqualTo("held paused 0 0 f paused");

            carriedOut(created("/v1/cancellations", "{\"filter\": {\"batch_id\": \"" + BATCH + "\"}}"))
                    .body("matched", is(2))
                    .body("cancelled", is(2));
            assertThat(row(0)).isEqualTo("cancelled 0 0 t");
            assertThat(row(1)).as("without what it waited for").isEqualTo("cancelled 0 0 t");
            given().get("/v1/cancellations").then().body("items.size()", is(1)).body("next_cursor", nullValue());
        }
    }

    /** What others do between the making of a replay and a job's turn. */
    @Nested
    class Meanwhile {
        @Test
        void shouldWaitWhileABatchIsMadeThatMayGiveItsTakeAnotherJob() throws SQLException {
            failed(0, "provider_error", "oops");
            tables.run("update job_payload set content_key = repeat('a', 64)");
            tables.run("insert into library (name) values ('game')");
            String replay = created("/v1/replays", "{\"filter\": {}}");
            try (Connection making = pool.getConnection();
                    Statement statement = making.createStatement()) {
                making.setAutoCommit(false);
                statement.execute("set local idle_in_transaction_session_timeout = 0");
                statement.execute("select name from library where name = 'game' for update");

                assertThat(runner.step()).isTrue();
                post("/v1/jobs/" + id(0) + "/replay", "")
                        .statusCode(503)
                        .header("Retry-After", "1")
                        .body("code", is("library_busy"));

                assertThat(row(0)).isEqualTo("failed 0 0 f provider_error");
                making.rollback();
            }
            tables.run("update resolution set next_at = now()");
            carriedOut(replay).body("replayed", is(1)).body("status", is("done"));
        }

        @Test
        void shouldNotBringBackWhatAPersonCancelsAfterwards() {
            batch("paused");
            job(0, "queued", null, null, "{\"prompt\": \"rain\"}");
            job(1, "held", null, null, "{\"prompt\": \"rain\"}");
            tables.run("update job set held_by_person = true where id = ?", id(1));
            job(2, "cancelled", null, null, "{\"prompt\": \"rain\"}");
            String replay =
                    created("/v1/replays", "{\"filter\": {\"batch_id\": \"" + BATCH + "\"}, \"missing\": true}");
            post("/v1/jobs/" + id(0) + "/cancel", "").statusCode(200);
            post("/v1/jobs/" + id(1) + "/cancel", "").statusCode(200);

            carriedOut(replay)
                    .body("replayed", is(2))
                    .body("outcomes.cancelled", is(1))
                    .body("skipped.changed", is(1));

            assertThat(row(0)).startsWith("cancelled 0 0");
            assertThat(row(1)).startsWith("cancelled 0 0");
            assertThat(row(2)).isEqualTo("queued 1 1 f");
        }

        @Test
        void shouldNotGoOnWithABatchThatIsCancelledAfterwards() {
            batch("cancelled");
            job(0, "queued", null, null, "{\"prompt\": \"rain\"}");
            failed(1, "provider_error", "oops");
            String replay =
                    created("/v1/replays", "{\"filter\": {\"batch_id\": \"" + BATCH + "\"}, \"missing\": true}");
            tables.run("update batch set stop = 'cancelled'");

            carriedOut(replay).body("replayed", is(1)).body("skipped.batch_cancelled", is(1));

            assertThat(row(1)).isEqualTo("failed 0 0 f provider_error");
        }

        @Test
        void shouldClaimAJobWhileAnOperationThatItIsInIsMade() throws SQLException {
            job(0, "queued", null, null, "{\"prompt\": \"rain\"}");
            String replay = created("/v1/holds", "{\"filter\": {}}");
            tables.run("delete from resolution_item");
            tables.run("insert into worker (id, host, pid, version) values (?, 'here', 1, 'test')", WORKER);
            try (Connection making = pool.getConnection();
                    Statement statement = making.createStatement()) {
                making.setAutoCommit(false);
                statement.execute("set local idle_in_transaction_session_timeout = 0");
                statement.execute("insert into resolution_item (resolution_id, job_id, attempt) values ('"
                        + replay.substring(replay.lastIndexOf('/') + 1) + "', '" + id(0) + "', 1)");

                assertThat(claims.claim(WORKER, fences.next(), 1, List.of(new Candidate(id(0), 1, 0)), Caution.NONE)
                                .claimed())
                        .hasSize(1);
                making.rollback();
            } finally {
                tables.run("delete from worker where id = ?", WORKER);
            }
        }
    }
}
