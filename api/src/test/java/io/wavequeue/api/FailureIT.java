package io.wavequeue.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class FailureIT {
    private static final String BATCH = "019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d11";
    private static final String OVERDUE = "prediction %s did not end within %d s; it may still end and is paid";
    private static final String MODERATED = "the content was refused by moderation (code 1200)";

    @Inject
    Tables tables;

    /** Three that were overdue, one of another model, two that were refused, and one that has not failed. */
    @BeforeEach
    void sevenJobs() {
        tables.empty();
        failed(1, "m/a", "provider_timeout", OVERDUE.formatted("2e0c106a247a4beca3f20bdfc2928f77", 3600), "0.02");
        failed(2, "m/a", "provider_timeout", OVERDUE.formatted("3e0c106a247a4beca3f20bdfc2928f78", 60), "0.04");
        failed(3, "m/a", "provider_timeout", OVERDUE.formatted(UUID.randomUUID(), 60), null);
        failed(4, "m/b", "provider_timeout", OVERDUE.formatted("2e0c106a247a4beca3f20bdfc2928f77", 3600), "0.01");
        failed(5, "m/a", "moderated", MODERATED, "0.02");
        failed(6, "m/a", "moderated", MODERATED, "0.02");
        failed(7, "m/a", "moderated", MODERATED, "0.02");
        tables.run("update job set status = 'cancelled', version = version + 1 where reference = 'r7'");
        tables.run("update job set batch_id = ?::uuid where reference in ('r3', 'r4')", BATCH);
        tables.run("update job_payload set labels = '{\"scene\":\"forest\"}' where job_id in (?, ?)", id(2), id(5));
    }

    private static UUID id(int n) {
        return UUID.fromString("019b3f6e-5a70-7c3e-9d0b-%012d".formatted(n));
    }

    /** The higher its number, the later it was made and failed. */
    private void failed(int n, String model, String errorClass, String message, @Nullable String usd) {
        tables.run(
                "insert into job (id, status, model, lane, max_attempts, attempt, reference, created_at, settled_at, estimated_usd,"
                        + " error_class, error_message, error_retryable)"
                        + " values (?, 'failed', ?, 'bulk', 3, 2, ?, timestamptz '2026-01-01T00:00:00Z' + ? * interval '1 h',"
                        + " timestamptz '2026-02-01T00:00:00Z' + ? * interval '1 h', ?::numeric, ?, ?, ?)",
                id(n),
                model,
                "r" + n,
                n,
                n,
                usd,
                errorClass,
                message,
                !errorClass.equals("moderated"));
        tables.run(
                "insert into job_payload (job_id, input, created_at, model, reference)"
                        + " select id, '{}', created_at, model, reference from job where id = ?",
                id(n));
        for (int attempt = 1; attempt <= 2; attempt++) {
            tables.run(
                    "insert into attempt (job_id, number, status, worker_id, budget_day, charged_usd, refunded_usd)"
                            + " values (?, ?, 'failed', ?, current_date, ?::numeric, case when ? = 2 then ?::numeric end)",
                    id(n),
                    attempt,
                    UUID.randomUUID(),
                    usd,
                    n,
                    usd);
        }
    }

    /** Its last replay, before which it had failed so. */
    private void replayed(int n, int times, String errorClass, String message) {
        tables.run("update job set replays = ?, replayed_at = now() where id = ?", times, id(n));
        tables.run(
                "insert into job_replay (job_id, number, resolution_id, status, attempt, error_class, error_message, error_retryable)"
                        + " values (?, ?, ?, 'failed', 1, ?, ?, true)",
                id(n),
                times,
                UUID.randomUUID(),
                errorClass,
                message);
    }

    private static JsonPath failures(String query) {
        return given().urlEncodingEnabled(false)
                .get("/v1/failures" + query)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    @Test
    void shouldAddUpWhatFailedOfTheSame() {
        tables.run("insert into price_factor (model, factor, difference_id) values ('m/a', 1.5, %s)"
                .formatted(difference()));

        JsonPath found = failures("");

        assertThat(found.<String>getList("items.error_class"))
                .containsExactly("provider_timeout", "moderated", "provider_timeout");
        assertThat(found.<Integer>getList("items.jobs")).containsExactly(3, 2, 1);
        assertThat(found.<String>getList("items.model")).containsExactly("m/a", "m/a", "m/b");
        assertThat(found.<String>getList("items.fingerprint")).doesNotHaveDuplicates();
        assertThat(found.<Boolean>getList("items.retryable")).containsExactly(true, false, true);
        found.setRootPath("items[0]");
        assertThat(found.getString("message"))
                .isEqualTo("prediction <id> did not end within <n> s; it may still end and is paid");
        assertThat(found.getString("first_seen")).isEqualTo("2026-02-01T01:00:00Z");
        assertThat(found.getString("last_seen")).isEqualTo("2026-02-01T03:00:00Z");
        assertThat(found.getDouble("estimated_usd")).isEqualTo(0.09);
        assertThat(found.getInt("unknown_price")).isEqualTo(1);
        assertThat(found.getDouble("charged_usd")).isEqualTo(0.04);
        assertThat(found.getInt("replayed")).isZero();
        assertThat(found.getString("note")).isNull();
        assertThat(found.getString("example.id")).isEqualTo(id(3).toString());
        assertThat(found.getString("example.reference")).isEqualTo("r3");
        assertThat(found.getString("example.batch_id")).isEqualTo(BATCH);
        assertThat(found.getString("example.message"))
                .endsWith("did not end within 60 s; it may still end and is paid");
        assertThat(found.getString("example.failed_at")).isEqualTo("2026-02-01T03:00:00Z");
        found.setRootPath("total");
        assertThat(found.getInt("groups")).isEqualTo(3);
        assertThat(found.getInt("jobs")).isEqualTo(6);
        assertThat(found.getDouble("estimated_usd")).isEqualTo(0.16);
        assertThat(found.getInt("unknown_price")).isEqualTo(1);
        assertThat(found.getDouble("charged_usd")).isEqualTo(0.14);
    }

    private String difference() {
        return tables.value(
                "insert into bill_difference (kind, subject, billed_usd) values ('other_price', 'm/a', 1) returning id");
    }

    @Test
    void shouldTellWhatReplaysHaveBrought() {
        replayed(1, 1, "provider_timeout", OVERDUE.formatted("4e0c106a247a4beca3f20bdfc2928f79", 3600));
        replayed(2, 3, "provider_error", "internal error (code 5000)");
        replayed(4, 2, "provider_timeout", "the provider gave up: status timeout");
        replayed(5, 1, "moderated", MODERATED);
        replayed(6, 4, "moderated", MODERATED);

        JsonPath found = failures("");

        assertThat(found.<Integer>getList("items.replayed")).containsExactly(2, 2, 1);
        assertThat(found.<Integer>getList("items.same_error")).containsExactly(1, 2, 0);
        assertThat(found.<Integer>getList("items.parked")).containsExactly(1, 1, 0);
        assertThat(found.<String>getList("items.note"))
                .containsExactly(
                        "2 of 3 were replayed, up to 3 times: 1 with the same error",
                        "2 of 2 were replayed, up to 4 times: same error",
                        "replayed 2 times: another error before");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "limit=1 | 3",
                "model=m/a | 3,2",
                "model=m/b | 1",
                "batch_id=" + BATCH + " | 1,1",
                "error_class=moderated | 2",
                "replay_id=019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d13 | 1,1",
                "replay_id=019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d14 | ''",
                "reference=r2 | 1",
                "reference=r7 | ''",
                "label=scene:forest | 1,1",
                "label=scene:cave | ''",
                "id={1}&id={2}&id={7} | 2",
                "fingerprint={overdue} | 3",
                "fingerprint={overdue}&id={4} | ''",
                "created_after=2026-01-01T02:30:00Z&created_before=2026-01-01T06:00:00Z | 1,1,1"
            })
    void shouldLookAtWhatTheFilterLetsThrough(String query, String jobs) {
        String overdue = tables.value(
                "select failure_fingerprint(error_class, model, error_message) from job where id = ?", id(1));
        tables.run("""
                insert into job_replay (job_id, number, resolution_id, status, attempt)
                select id, 1, '019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d13', 'cancelled', 1
                from job
                where id in (?, ?, ?)
                """, id(2), id(4), id(7));
        String named = query.replace("{overdue}", overdue);
        for (int n : List.of(1, 2, 4, 7)) {
            named = named.replace("{" + n + "}", id(n).toString());
        }
        JsonPath found = failures("?" + named);
        assertThat(String.join(",", found.getList("items.jobs", String.class))).isEqualTo(jobs);
    }

    /** The fingerprint is the list's, and the total is of all groups. */
    @Test
    void shouldChooseTheSameJobsInTheList() {
        JsonPath found = failures("?limit=1");
        assertThat(found.getInt("total.groups")).isEqualTo(3);
        given().get("/v1/jobs?fingerprint=" + found.getString("items[0].fingerprint"))
                .then()
                .statusCode(200)
                .body("items.reference", is(List.of("r3", "r2", "r1")));
    }

    @Test
    void shouldTellThatNothingFailed() {
        tables.empty();
        assertThat(given().get("/v1/failures").asString())
                .isEqualTo(
                        "{\"items\":[],\"total\":{\"groups\":0,\"jobs\":0,\"estimated_usd\":0,\"unknown_price\":0,\"charged_usd\":0}}");
    }

    @Test
    void shouldTellThatNoPriceIsKnown() {
        given().get("/v1/failures?id=" + id(3))
                .then()
                .body("items[0].estimated_usd", nullValue())
                .body("items[0].charged_usd", nullValue())
                .body("total.unknown_price", is(1));
    }

    @Test
    void shouldTellThatWhatWasRefusedCostNothing() {
        tables.run("update attempt set status = 'refused' where job_id = ?", id(3));
        given().get("/v1/failures?id=" + id(3)).then().body("items[0].charged_usd", is(0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=1001",
                "cursor=x",
                "id=7",
                "fingerprint=x",
                "label=x",
                "created_after=now",
                "status="
            })
    void shouldRefuseTheParameterWhenItIsWrong(String query) {
        given().urlEncodingEnabled(false)
                .get("/v1/failures?" + query)
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("code", is("bad_parameter"))
                .body("errors.size()", is(1));
    }

    @Test
    void shouldSayWhyItTakesNoStatus() {
        given().get("/v1/failures?status=failed&modell=x")
                .then()
                .statusCode(400)
                .body("errors.field", containsInAnyOrder("status", "modell"))
                .body("errors.find { it.field == 'status' }.message", containsString("these are the failed jobs"));
        given().get("/v1/failures?bogus=1")
                .then()
                .statusCode(400)
                .body("detail", startsWith("bogus: unknown parameter; known: id, model, batch_id,"));
    }
}
