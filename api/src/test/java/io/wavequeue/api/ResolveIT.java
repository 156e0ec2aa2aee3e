package io.wavequeue.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class ResolveIT {
    private static final UUID ID = UUID.fromString("019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d11");
    private static final UUID OTHER = UUID.fromString("019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d12");
    private static final UUID WORKER = UUID.fromString("019b3f6e-0000-7c3e-9d0b-2f6c1a8e4d11");
    private static final String NOBODY = "00000000-0000-0000-0000-000000000000";

    @Inject
    Tables tables;

    @BeforeEach
    void emptyTables() {
        tables.empty();
    }

    /** A job with one attempt, which reserved its price of the day's budget. */
    private void job(UUID id, String status, String attemptStatus, String predictionId) {
        tables.run("""
                insert into job (id, status, model, lane, max_attempts, attempt, fence, estimated_usd, reserve_usd, hold_reason,
                                 worker_id, dispatch_at, settled_at, error_class, error_message, error_retryable)
                select ?::uuid, s, 'm/a', 'bulk', 3, 1, 77, 0.0217, 0.0217,
                       case when s = 'held' then 'uncertain_submission' end,
                       case when s in ('submitting', 'running') then ?::uuid end,
                       case when s = 'queued' then now() end,
                       case when s in ('succeeded', 'failed', 'cancelled') then now() end,
                       case when s in ('failed', 'held', 'uncertain') then 'uncertain_submission' end,
                       case when s in ('failed', 'held', 'uncertain') then 'nobody knows' end,
                       case when s in ('failed', 'held', 'uncertain') then false end
                from (values (?)) as v(s)
                """, id, WORKER, status);
        tables.run("insert into job_payload (job_id, input) values (?, '{}')", id);
        tables.run("""
                insert into attempt (job_id, number, status, worker_id, prediction_id, submitted_at, price_usd, reserved_usd,
                                     budget_day)
                values (?, 1, ?, ?, ?, now(), 0.0217, 0.0217, '2026-01-31')
                """, id, attemptStatus, WORKER, predictionId);
        tables.run("""
                insert into budget_day (day, committed_usd) values ('2026-01-31', 0.0217)
                on conflict (day) do update set committed_usd = budget_day.committed_usd + 0.0217
                """);
    }

    private static ValidatableResponse resolve(String body) {
        return given().contentType("application/json")
                .body(body)
                .post("/v1/jobs/{id}/resolve", ID)
                .then();
    }

    @ParameterizedTest
    @ValueSource(strings = {"uncertain", "held"})
    void shouldHandThePredictionToTheWorkersWhenItIsAdopted(String status) {
        job(ID, status, "uncertain", null);

        resolve("{\"decision\":\"adopt\",\"prediction_id\":\"p-made\"}")
                .statusCode(200)
                .body("status", is("running"))
                .body("error", is((Object) null))
                .body("attempts[0].status", is("accepted"))
                .body("attempts[0].prediction_id", is("p-made"))
                .body("attempts[0].submitted_at", notNullValue())
                .body("attempts[0].charged_usd", is(0.0217f));
        assertThat(tables.value("select worker_id::text from job where id = ?", ID))
                .isEqualTo(NOBODY);
        assertThat(tables.value(
                        "select count(*)::text from worker where id = ?::uuid and ended_at is not null", NOBODY))
                .as("so that any worker adopts it")
                .isEqualTo("1");
        assertThat(tables.value("select sum(committed_usd)::text from budget_day"))
                .isEqualTo("0.021700");
    }

    @Test
    void shouldQueueItAgainAndKeepItsReservationCommittedWhenItIsResubmitted() {
        job(ID, "held", "uncertain", null);

        resolve("{\"decision\":\"resubmit\"}")
                .statusCode(200)
                .body("status", is("queued"))
                .body("attempts[0].status", is("failed"))
                .body("attempts[0].error.class", is("uncertain_submission"));
        assertThat(tables.value("select sum(committed_usd)::text from budget_day"))
                .as("it may have been charged")
                .isEqualTo("0.021700");
    }

    @Test
    void shouldFailItWhenItIsAbandoned() {
        job(ID, "held", "uncertain", null);

        resolve("{\"decision\":\"abandon\"}")
                .statusCode(200)
                .body("status", is("failed"))
                .body("error.class", is("uncertain_submission"))
                .body("error.retryable", is(false));
        resolve("{\"decision\":\"resubmit\"}").statusCode(409).body("code", is("not_uncertain"));
    }

    @Test
    void shouldNotGiveAwayAnotherAttemptsPrediction() {
        job(ID, "uncertain", "uncertain", null);
        job(OTHER, "running", "accepted", "p-other");

        resolve("{\"decision\":\"adopt\",\"prediction_id\":\"p-other\"}")
                .statusCode(409)
                .body("code", is("prediction_taken"));
        assertThat(tables.value("select status from job where id = ?", ID)).isEqualTo("uncertain");
    }

    @ParameterizedTest
    @CsvSource({
        "queued,refused",
        "submitting,submitting",
        "running,accepted",
        "succeeded,completed",
        "failed,failed",
        "cancelled,refused"
    })
    void shouldRefuseWhereNothingIsInDoubt(String status, String attemptStatus) {
        job(ID, status, attemptStatus, attemptStatus.equals("refused") || status.equals("submitting") ? null : "p1");

        resolve("{\"decision\":\"resubmit\"}").statusCode(409).body("detail", containsString("is " + status));
        assertThat(tables.value("select status from job where id = ?", ID)).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | decision",
                "{\"decision\":\"retry\"} | decision",
                "{\"decision\":7} | decision",
                "{\"decision\":\"adopt\"} | prediction_id",
                "{\"decision\":\"adopt\",\"prediction_id\":\"../x\"} | prediction_id",
                "{\"decision\":\"resubmit\",\"prediction_id\":\"p-made\"} | prediction_id",
                "{\"decision\":\"abandon\",\"why\":1} | why"
            })
    void shouldSayWhatIsWrongWithTheDecision(String body, String field) {
        job(ID, "uncertain", "uncertain", null);
        resolve(body).statusCode(422).body("errors[0].field", is(field));
        assertThat(tables.value("select status from job where id = ?", ID)).isEqualTo("uncertain");
    }

    @Test
    void shouldNotKnowOtherJobs() {
        resolve("{\"decision\":\"resubmit\"}").statusCode(404);
        given().get("/v1/jobs/{id}/resolve", ID).then().statusCode(405).header("Allow", "POST");
    }
}
