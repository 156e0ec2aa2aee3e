package io.wavequeue.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.is;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class CostIT {
    private static final String BATCH = "019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d11";

    @Inject
    Tables tables;

    @BeforeEach
    void fourJobs() {
        tables.empty();
        job("m/a", "2026-01-01T23:59:59Z", "0.0217", null, "{\"scene\":\"forest\"}", "0.0217", "0.0217");
        job("m/a", "2026-01-02T00:00:00Z", "0.0217", BATCH, "{\"scene\":\"cave\"}", "0.0217", null);
        job("m/b", "2026-01-02T12:00:00Z", "0.000001", BATCH, "{}", null, null);
        job("m/c", "2026-01-02T13:00:00Z", null, null, "{}", null, null);
    }

    private void job(
            String model,
            String created,
            @Nullable String estimated,
            @Nullable String batch,
            String labels,
            @Nullable String charged,
            @Nullable String refunded) {
        UUID id = UUID.randomUUID();
        tables.run(
                "insert into job (id, status, model, lane, max_attempts, created_at, dispatch_at, estimated_usd, batch_id)"
                        + " values (?, 'queued', ?, 'bulk', 3, ?::timestamptz, now(), ?::numeric, ?::uuid)",
                id,
                model,
                created,
                estimated,
                batch);
        tables.run("insert into job_payload (job_id, input, labels) values (?, '{}', ?::jsonb)", id, labels);
        // The charge is spread over two attempts, which must not count the estimate twice.
        for (int attempt = 1; attempt <= 2; attempt++) {
            tables.run(
                    "insert into attempt (job_id, number, status, worker_id, budget_day, charged_usd, refunded_usd)"
                            + " values (?, ?, 'refused', ?, current_date, ?::numeric / 2, ?::numeric / 2)",
                    id,
                    attempt,
                    UUID.randomUUID(),
                    charged,
                    refunded);
        }
    }

    private static String costs(String query) {
        return given().get("/v1/costs" + query).then().statusCode(200).extract().asString();
    }

    @Test
    void shouldSumByModelWhenNothingIsSaid() {
        assertThat(costs("")).isEqualTo(costs("?group_by=model")).isEqualTo("""
                        {"items":[{"key":"m/a","jobs":2,"estimated_usd":0.0434,"charged_usd":0.0434,"refunded_usd":0.0217},\
                        {"key":"m/b","jobs":1,"estimated_usd":0.000001,"charged_usd":null,"refunded_usd":null},\
                        {"key":"m/c","jobs":1,"estimated_usd":null,"charged_usd":null,"refunded_usd":null}],\
                        "total":{"jobs":4,"estimated_usd":0.043401,"charged_usd":0.0434,"refunded_usd":0.0217}}""");
    }

    @Test
    void shouldSumByUtcDay() {
        assertThat(costs("?group_by=day"))
                .contains("{\"key\":\"2026-01-01\",\"jobs\":1,", "{\"key\":\"2026-01-02\",\"jobs\":3,");
    }

    @Test
    void shouldSumByBatchWithTheRestLast() {
        assertThat(costs("?group_by=batch"))
                .contains("{\"key\":\"" + BATCH + "\",\"jobs\":2,", "},{\"key\":null,\"jobs\":2,");
    }

    @Test
    void shouldSumByLabel() {
        assertThat(costs("?group_by=label:scene"))
                .contains(
                        "{\"key\":\"cave\",\"jobs\":1,",
                        "{\"key\":\"forest\",\"jobs\":1,",
                        "{\"key\":null,\"jobs\":2,");
        assertThat(costs("?group_by=label:x'%3B--")).contains("{\"key\":null,\"jobs\":4,");
    }

    /** Of jobs without a batch, and of one; no label of them is known any more. */
    @Test
    void shouldAddWhatWasRemovedByRule() {
        tables.run("""
                insert into past_jobs (batch_id, model, day, jobs, succeeded, failed, cancelled, archived, estimated_usd, charged_usd, ended_at)
                values ('ffffffff-ffff-ffff-ffff-ffffffffffff', 'm/b', '2026-01-01', 2, 2, 0, 0, 2, 0.2, 0.1, now()),
                       ('%s', 'm/b', '2026-01-01', 3, 3, 0, 0, 3, null, 0.5, now())
                """.formatted(BATCH));

        assertThat(costs(""))
                .contains(
                        "{\"key\":\"m/b\",\"jobs\":6,\"estimated_usd\":0.200001,\"charged_usd\":0.6,",
                        "\"total\":{\"jobs\":9,\"estimated_usd\":0.243401,\"charged_usd\":0.6434,");
        assertThat(costs("?group_by=day")).contains("{\"key\":\"2026-01-01\",\"jobs\":6,");
        assertThat(costs("?group_by=batch"))
                .contains("{\"key\":\"" + BATCH + "\",\"jobs\":5,", "},{\"key\":null,\"jobs\":4,");
        assertThat(costs("?group_by=label:scene")).contains("{\"key\":null,\"jobs\":7,");
    }

    @Test
    void shouldSumToNothingWhenThereAreNoJobs() {
        tables.empty();
        assertThat(costs(""))
                .isEqualTo(
                        "{\"items\":[],\"total\":{\"jobs\":0,\"estimated_usd\":0,\"charged_usd\":0,\"refunded_usd\":0}}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "group_by=",
                "group_by=labels",
                "group_by=label:",
                "group_by=label:%00",
                "groupby=day",
                "group_by=day&group_by=day"
            })
    void shouldRefuseTheParameterWhenItIsWrong(String query) {
        given().urlEncodingEnabled(false)
                .get("/v1/costs?" + query)
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("code", is("bad_parameter"));
    }
}
