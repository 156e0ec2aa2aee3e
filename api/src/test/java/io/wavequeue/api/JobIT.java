package io.wavequeue.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class JobIT {
    private static final UUID ID = UUID.fromString("019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d11");
    private static final UUID WORKER = UUID.fromString("019b3f6e-0000-7c3e-9d0b-2f6c1a8e4d11");

    @Inject
    Tables tables;

    @BeforeEach
    void emptyTables() {
        tables.empty();
    }

    /** A row in the given state, with what the table's checks ask for. */
    private void job(String status) {
        tables.run("""
                insert into job (id, status, model, lane, reference, max_attempts, created_at, estimated_usd, hold_reason,
                                 worker_id, dispatch_at, settled_at, error_class, error_message, error_retryable)
                select ?::uuid, s, 'm/a', 'interactive', 'ref', 3, '2026-01-31T18:30:00.120Z', 0.0217,
                       case when s = 'held' then 'paused' end,
                       case when s in ('submitting', 'running') then ?::uuid end,
                       case when s = 'queued' then now() end,
                       case when s in ('succeeded', 'failed', 'cancelled') then timestamptz '2026-01-31T18:30:09.031Z' end,
                       case when s in ('failed', 'held') then 'provider_error' end,
                       case when s in ('failed', 'held') then 'it broke' end,
                       case when s in ('failed', 'held') then true end
                from (values (?)) as v(s)
                """, ID, WORKER, status);
        tables.run(
                "insert into job_payload (job_id, input, labels) values (?, '{\"b\":1.10,\"a\":1E+2}', '{\"scene\":\"forest\"}')",
                ID);
    }

    private void attempts() {
        tables.run("""
                insert into attempt (job_id, number, status, worker_id, prediction_id, submitted_at, accepted_at, completed_at,
                                     polls, inference_ms, detect_ms, charged_usd, refunded_usd, budget_day, error_class,
                                     error_message, error_retryable)
                values (?, 1, 'failed', ?, 'p1', '2026-01-31T18:30:00.130Z', '2026-01-31T18:30:00.200Z',
                        '2026-01-31T18:30:01Z', 1, null, null, 0.0217, 0.0217, '2026-01-31', 'provider_error', 'oops', true),
                       (?, 2, 'completed', ?, 'p2', '2026-01-31T18:30:01.151Z', '2026-01-31T18:30:01.420Z',
                        '2026-01-31T18:30:09.020Z', 2, 7120, 310, 0.0217, null, '2026-01-31', null, null, null)
                """, ID, WORKER, ID, WORKER);
        tables.run("""
                insert into output (job_id, number, attempt, url, file, content_type, bytes, sha256, archived_at, audio)
                values (?, 0, 2, 'https://p/clip.mp3', '01/clip.mp3', 'audio/mpeg', 481213, 'ab', '2026-01-31T18:30:09.41Z',
                        '{"verdict":"suspect","reasons":["silent"],"duration_s":30.020}')
                """, ID);
    }

    @Nested
    class Get {
        @Test
        void shouldShowEveryFieldWhenTheJobHasSucceeded() throws Exception {
            job("succeeded");
            attempts();

            Response answer = given().get("/v1/jobs/{id}", ID);

            ObjectMapper mapper = new ObjectMapper();
            JsonNode expected = mapper.readTree("""
                    {"id": "019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d11", "status": "succeeded", "cancel_requested": false,
                     "hold_reason": null, "model": "m/a", "input": {"b": 1.10, "a": 1E+2}, "reference": "ref",
                     "lane": "interactive", "labels": {"scene": "forest"}, "batch_id": null, "max_attempts": 3,
                     "attempts": [
                       {"number": 1, "status": "failed", "prediction_id": "p1", "submitted_at": "2026-01-31T18:30:00.130Z",
                        "accepted_at": "2026-01-31T18:30:00.200Z", "completed_at": "2026-01-31T18:30:01Z", "polls": 1,
                        "inference_ms": null, "charged_usd": 0.0217, "refunded_usd": 0.0217,
                        "error": {"class": "provider_error", "message": "oops", "retryable": true}},
                       {"number": 2, "status": "completed", "prediction_id": "p2", "submitted_at": "2026-01-31T18:30:01.151Z",
                        "accepted_at": "2026-01-31T18:30:01.420Z", "completed_at": "2026-01-31T18:30:09.020Z", "polls": 2,
                        "inference_ms": 7120, "charged_usd": 0.0217, "refunded_usd": null, "error": null}],
                     "outputs": [{"url": "https://p/clip.mp3", "file": "01/clip.mp3", "content_type": "audio/mpeg",
                                  "bytes": 481213, "sha256": "ab", "archived_at": "2026-01-31T18:30:09.410Z", "lost_at": null, "error": null,
                                  "audio": {"verdict": "suspect", "reasons": ["silent"], "duration_s": 30.020}}],
                     "cost": {"estimated_usd": 0.0217, "charged_usd": 0.0434, "refunded_usd": 0.0217, "currency": "USD"},
                     "timings": {"created_at": "2026-01-31T18:30:00.120Z", "submitted_at": "2026-01-31T18:30:01.151Z",
                                 "completed_at": "2026-01-31T18:30:09.031Z", "queued_ms": 1031, "submit_ms": 269,
                                 "running_ms": 7600, "inference_ms": 7120, "detect_ms": 310, "total_ms": 8911},
                     "error": null, "replays": [], "replay_note": null}
                    """);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(mapper.readTree(answer.asString())).isEqualTo(expected);
            assertThat(answer.asString()).contains("\"input\":{\"b\":1.10,\"a\":1E+2}");
        }

        @Test
        void shouldSayWhyWhenTheJobIsHeld() {
            job("held");
            given().get("/v1/jobs/{id}", ID)
                    .then()
                    .body("hold_reason", is("paused"))
                    .body("error.class", is("provider_error"))
                    .body("error.retryable", is(true));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d12",
                    "1-1-1-1-1",
                    "x",
                    "019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d11x",
                    "%00",
                    "%27%3B--",
                    "..%2F..%2Fetc"
                })
        void shouldAnswer404WhenThereIsNoSuchJob(String id) {
            given().urlEncodingEnabled(false)
                    .get("/v1/jobs/" + id)
                    .then()
                    .statusCode(404)
                    .contentType("application/problem+json")
                    .body("code", is("not_found"));
        }
    }

    @Nested
    class Cancel {
        @ParameterizedTest
        @CsvSource({
            "queued, cancelled",
            "held, cancelled",
            "submitting, submitting",
            "uncertain, uncertain",
            "running, running"
        })
        void shouldCancelOrAskForItWhenTheJobHasNotEnded(String before, String after) {
            job(before);
            given().post("/v1/jobs/{id}/cancel", ID)
                    .then()
                    .statusCode(200)
                    .body("status", is(after))
                    .body("cancel_requested", is(true));
            given().get("/v1/jobs/{id}", ID).then().body("status", is(after));
        }

        @Test
        void shouldAnswerTheSameWhenItIsAskedForAgain() {
            job("running");
            given().post("/v1/jobs/{id}/cancel", ID).then().statusCode(200);
            given().post("/v1/jobs/{id}/cancel", ID).then().statusCode(200).body("cancel_requested", is(true));
        }

        @ParameterizedTest
        @ValueSource(strings = {"succeeded", "failed", "cancelled"})
        void shouldAnswer409WhenTheJobHasEnded(String status) {
            job(status);
            given().post("/v1/jobs/{id}/cancel", ID)
                    .then()
                    .statusCode(409)
                    .contentType("application/problem+json")
                    .body("code", is("already_ended"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d12", "x"})
        void shouldAnswer404WhenThereIsNoSuchJob(String id) {
            given().post("/v1/jobs/{id}/cancel", id).then().statusCode(404).body("code", is("not_found"));
        }
    }
}
