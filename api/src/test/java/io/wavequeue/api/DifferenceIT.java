package io.wavequeue.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class DifferenceIT {
    private static final String JOB = "019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d11";

    @Inject
    Tables tables;

    @BeforeEach
    void empty() {
        tables.empty();
    }

    private void difference(String kind, String prediction, @Nullable String expected, @Nullable String resolvedAt) {
        tables.run(
                "insert into bill_difference (kind, subject, prediction_id, job_id, attempt, model, expected_usd, billed_usd,"
                        + " first_seen_at, resolved_at) values (?, ?, ?, ?, 1, 'm/a', ?::numeric, 0.0434,"
                        + " '2026-01-31T18:30:00Z', ?::timestamptz)",
                kind,
                prediction,
                prediction,
                UUID.fromString(JOB),
                expected,
                resolvedAt);
    }

    private static String list(String query) {
        return given().get("/v1/costs/differences" + query)
                .then()
                .statusCode(200)
                .contentType("application/json")
                .extract()
                .asString();
    }

    private static List<String> predictions(String query) {
        return JsonPath.from(list(query)).getList("items.prediction_id");
    }

    @Test
    void shouldShowEveryFieldWithUnknownAsNull() {
        difference("charged_twice", "p1", "0.021700", null);
        difference("other_price", "p2", null, null);

        assertThat(list("").replaceAll("\"id\":\\d+", "\"id\":0")).isEqualTo("""
                        {"items":[{"id":0,"kind":"other_price","prediction_id":"p2","job_id":"%1$s","model":"m/a",\
                        "expected_usd":null,"billed_usd":0.0434,"stops_model":false,"first_seen_at":"2026-01-31T18:30:00Z","resolved_at":null},\
                        {"id":0,"kind":"charged_twice","prediction_id":"p1","job_id":"%1$s","model":"m/a",\
                        "expected_usd":0.0217,"billed_usd":0.0434,"stops_model":false,"first_seen_at":"2026-01-31T18:30:00Z","resolved_at":null}],\
                        "next_cursor":null}""".formatted(JOB));
    }

    @Test
    void shouldLeaveResolvedOnesOutUnlessTheyAreAskedForAndThenShowThemLast() {
        difference("not_ours", "open-old", "0", null);
        difference("not_ours", "resolved", "0", "2026-01-31T19:00:00Z");
        difference("refund_missing", "open-new", "0", null);

        assertThat(predictions("")).containsExactly("open-new", "open-old");
        assertThat(predictions("?include_resolved=false")).containsExactly("open-new", "open-old");
        assertThat(predictions("?include_resolved=true")).containsExactly("open-new", "open-old", "resolved");
        assertThat(predictions("?include_resolved=true&kind=not_ours")).containsExactly("open-old", "resolved");
        assertThat(predictions("?kind=charged_twice")).isEmpty();
        assertThat(list("?include_resolved=true")).contains("\"resolved_at\":\"2026-01-31T19:00:00Z\"");
    }

    @Test
    void shouldGiveEveryDifferenceOnceWhenPaged() {
        for (int i = 0; i < 7; i++) {
            difference("not_ours", "p" + i, "0", i % 3 == 0 ? "2026-01-31T19:00:00Z" : null);
        }
        List<String> seen = new ArrayList<>();
        String query = "?include_resolved=true&limit=2";
        String cursor = null;
        do {
            JsonPath page = JsonPath.from(list(query + (cursor == null ? "" : "&cursor=" + cursor)));
            seen.addAll(page.getList("items.prediction_id", String.class));
            cursor = page.getString("next_cursor");
        } while (cursor != null);

        assertThat(seen).containsExactly("p5", "p4", "p2", "p1", "p6", "p3", "p0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kind=twice",
                "kind=",
                "include_resolved=yes",
                "limit=0",
                "limit=1001",
                "cursor=x",
                "cursor=AQAAAAAAAAABAAAAAA",
                "resolved=true"
            })
    void shouldRefuseTheParameterWhenItIsWrong(String query) {
        given().get("/v1/costs/differences?" + query)
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("code", is("bad_parameter"));
    }

    @Test
    void shouldListAllThatIsWrongAtOnce() {
        given().get("/v1/costs/differences?kind=x&limit=x&cursor=x")
                .then()
                .statusCode(400)
                .body("errors.field", hasItems("kind", "limit", "cursor"));
    }

    @Test
    void shouldSayWhichMethodsThereAre() {
        given().delete("/v1/costs/differences").then().statusCode(405).header("Allow", is("GET, HEAD"));
    }

    /** A job of 0.0217, and the difference that it was charged 0.0434. */
    private String excess(String status) {
        UUID job = UUID.fromString(JOB);
        tables.run("""
                insert into job (id, status, model, lane, max_attempts, attempt, estimated_usd, reserve_usd, settled_at)
                values (?, ?, 'm/a', 'bulk', 3, 1, 0.0217, 0.0217, now())
                """, job, status);
        difference("other_price", "p1", "0.021700", null);
        tables.run("update bill_difference set stopping_usd = billed_usd");
        tables.run("insert into price_stop (model, difference_id, expected_usd, charged_usd)"
                + " select model, id, expected_usd, billed_usd from bill_difference");
        return tables.value("select id::text from bill_difference");
    }

    @Test
    void shouldAcceptThePriceThatStopsAModelOnce() {
        String id = excess("succeeded");
        assertThat(list("")).contains("\"stops_model\":true");

        given().post("/v1/costs/differences/{id}/accept", id)
                .then()
                .statusCode(200)
                .body("id", is(Integer.parseInt(id)))
                .body("kind", is("other_price"))
                .body("stops_model", is(false))
                .body("resolved_at", notNullValue());
        assertThat(predictions("")).isEmpty();
        assertThat(tables.value("select model || ' ' || round(factor, 3) from price_factor"))
                .isEqualTo("m/a 2.000");
        assertThat(tables.value("select count(*) from price_stop where lifted_at is null"))
                .isEqualTo("0");

        given().post("/v1/costs/differences/{id}/accept", id)
                .then()
                .statusCode(409)
                .contentType("application/problem+json")
                .body("code", is("nothing_to_accept"))
                .body("detail", containsString("is resolved"));
    }

    @Test
    void shouldAcceptNothingThatStopsNoModel() {
        difference("charged_twice", "p1", "0.021700", null);
        given().post("/v1/costs/differences/{id}/accept", tables.value("select id::text from bill_difference"))
                .then()
                .statusCode(409)
                .body("code", is("nothing_to_accept"));
        assertThat(tables.column("select model from price_factor")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "999", "x", "-1", "9999999999999999999"})
    void shouldNotKnowOtherDifferences(String id) {
        given().post("/v1/costs/differences/{id}/accept", id)
                .then()
                .statusCode(404)
                .body("detail", is("there is no difference " + id));
        given().get("/v1/costs/differences/{id}/accept", id)
                .then()
                .statusCode(405)
                .header("Allow", is("POST"));
    }
}
