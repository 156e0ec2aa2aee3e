package io.wavequeue.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.is;

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

        assertThat(list("")).isEqualTo("""
                        {"items":[{"kind":"other_price","prediction_id":"p2","job_id":"%1$s","model":"m/a",\
                        "expected_usd":null,"billed_usd":0.0434,"first_seen_at":"2026-01-31T18:30:00Z","resolved_at":null},\
                        {"kind":"charged_twice","prediction_id":"p1","job_id":"%1$s","model":"m/a",\
                        "expected_usd":0.0217,"billed_usd":0.0434,"first_seen_at":"2026-01-31T18:30:00Z","resolved_at":null}],\
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
}
