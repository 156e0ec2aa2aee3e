package io.wavequeue.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class ListIT {
    private static final String BATCH = "019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d11";

    @Inject
    Tables tables;

    @BeforeEach
    void emptyTables() {
        tables.empty();
    }

    private void job(String name, String status, String created, String more) {
        job(name, status, created, more, "{}");
    }

    /** A row named by its reference. */
    private void job(String name, String status, String created, String more, String labels) {
        UUID id = UUID.randomUUID();
        String columns = more.isEmpty() ? "" : ", " + more.replaceAll("=[^,]*", "");
        String values = more.isEmpty() ? "" : ", " + more.replaceAll("[a-z_]+=", "");
        tables.run(
                "insert into job (id, status, model, lane, reference, max_attempts, created_at, dispatch_at, settled_at"
                        + columns
                        + ") values (?, ?, 'm/a', 'bulk', ?, 3, ?::timestamptz, case when ? = 'queued' then now() end,"
                        + " case when ? in ('succeeded', 'failed', 'cancelled') then now() end" + values + ")",
                id,
                status,
                name,
                created,
                status,
                status);
        tables.run(
                "insert into job_payload (job_id, input, labels, created_at, model, reference)"
                        + " select id, '{\"prompt\":\"x\"}', ?::jsonb, created_at, model, reference from job where id = ?",
                labels,
                id);
    }

    private void threeJobs() {
        job("one", "queued", "2026-01-01T00:00:00Z", "", "{\"scene\":\"forest\",\"take\":\"1:2\"}");
        job(
                "two",
                "failed",
                "2026-01-02T00:00:00Z",
                "error_class='moderated', error_message='no', error_retryable=false",
                "{\"scene\":\"forest\",\"take\":\"2\"}");
        job("three", "succeeded", "2026-01-03T00:00:00Z", "batch_id='" + BATCH + "'", "{\"scene\":\"cave\"}");
        tables.run("update job set model = 'm/b' where reference = 'three'");
        tables.run("update job_payload set model = 'm/b' where reference = 'three'");
        tables.run("""
                insert into job_replay (job_id, number, resolution_id, status, attempt)
                select id, n, ('019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d1' || n)::uuid, 'cancelled', 1
                from job
                cross join generate_series(3, 4) n
                where reference <> 'two'
                """);
    }

    private static List<String> found(String query) {
        return given().urlEncodingEnabled(false)
                .get("/v1/jobs?" + query)
                .then()
                .statusCode(200)
                .extract()
                .path("items.reference");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "limit=10 | three,two,one",
                "status=queued | one",
                "status=queued&status=failed | two,one",
                "status=running | ''",
                "model=m/b | three",
                "model=m%2Fa | two,one",
                "batch_id=" + BATCH + " | three",
                "batch_id=019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d12 | ''",
                "error_class=moderated | two",
                "error_class=internal | ''",
                "id={one} | one",
                "id={three}&id={one}&id={one} | three,one",
                "id={one}&id={two}&status=failed | two",
                "id=019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d12 | ''",
                "fingerprint={of two} | two",
                "fingerprint={of two}&id={one} | ''",
                "fingerprint=0123456789abcdef | ''",
                "replay_id=019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d13 | three,one",
                "replay_id=019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d13&status=queued&reference=one | one",
                "replay_id=019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d12 | ''",
                "reference=two | two",
                "reference=tw | ''",
                "label=scene:forest | two,one",
                "label=scene:forest&label=take:2 | two",
                "label=take:1:2 | one",
                "label=scene:desert | ''",
                "label=scene: | ''",
                "created_after=2026-01-02T00:00:00Z | three",
                "created_before=2026-01-02T00:00:00Z | one",
                "created_after=2026-01-01T12:00:00Z&created_before=2026-01-02T13:00:00%2B01:00 | two",
                "created_after=0001-01-01T00:00:00Z&created_before=9999-12-31T23:59:59.999999999Z | three,two,one",
                "status=failed&model=m/a&error_class=moderated&reference=two&label=scene:forest&created_after=2026-01-01T00:00:00Z | two"
            })
    void shouldListWhatTheFilterLetsThrough(String query, String expected) {
        threeJobs();
        String named = query.replace("{of two}", fingerprint());
        for (String name : List.of("one", "two", "three")) {
            named = named.replace("{" + name + "}", tables.value("select id from job where reference = ?", name));
        }
        assertThat(String.join(",", found(named))).isEqualTo(expected);
    }

    private String fingerprint() {
        return tables.value(
                "select failure_fingerprint(error_class, model, error_message) from job where reference = 'two'");
    }

    @Test
    void shouldShowWholeJobsWhenListing() {
        threeJobs();
        UUID id = UUID.fromString(tables.value("select id from job where reference = 'three'"));
        for (int n = 1; n <= 2; n++) {
            tables.run(
                    "insert into attempt (job_id, number, status, worker_id, budget_day) values (?, ?, 'refused', ?, current_date)",
                    id,
                    n,
                    UUID.randomUUID());
        }
        tables.run(
                "insert into output (job_id, number, attempt, url, archive_at) values (?, 0, 2, 'http://x/0', now())",
                id);

        JsonPath page = given().get("/v1/jobs?limit=2").jsonPath();
        assertThat(page.getList("items")).hasSize(2);
        assertThat(page.<Integer>getList("items[0].attempts.number")).containsExactly(1, 2);
        assertThat(page.<String>getList("items[0].outputs.url")).containsExactly("http://x/0");
        assertThat(page.getList("items[1].attempts")).isEmpty();
        assertThat(page.getString("items[1].error.class")).isEqualTo("moderated");
        assertThat(page.<Map<String, Object>>get("items[0]"))
                .isEqualTo(given().get("/v1/jobs/{id}", id).jsonPath().get());
    }

    @ParameterizedTest
    @ValueSource(ints = {137, 500, 1_000})
    void shouldShowEveryJobOnceWhenPagingThroughThousands(int limit) {
        tables.run("""
                insert into job (id, status, model, lane, max_attempts, created_at, dispatch_at)
                select gen_random_uuid(), 'queued', 'm/a', 'bulk', 3,
                       timestamptz '2026-01-01T00:00:00Z' + interval '1 microsecond' * (n / 7), now()
                from generate_series(1, 2500) n
                """);
        tables.run("insert into job_payload (job_id, input, created_at) select id, '{}', created_at from job");

        List<String> seen = new ArrayList<>();
        String cursor = null;
        do {
            String next = cursor == null ? "" : "&cursor=" + cursor;
            JsonPath page =
                    given().get("/v1/jobs?status=queued&limit=" + limit + next).jsonPath();
            seen.addAll(page.getList("items.id"));
            cursor = page.getString("next_cursor");
            // A job that comes while somebody pages is newer than all of them.
            job("new", "queued", "2026-02-01T00:00:00Z", "");
        } while (cursor != null);

        assertThat(seen).hasSize(2_500);
        assertThat(new HashSet<>(seen)).hasSize(2_500);
        assertThat(seen)
                .isEqualTo(
                        tables.column("select id from job where reference is null order by created_at desc, id desc"));
    }

    @Test
    void shouldTellTheEndWhenTheLastPageIsFull() {
        threeJobs();
        given().get("/v1/jobs?limit=3")
                .then()
                .statusCode(200)
                .body("items.size()", is(3))
                .body("next_cursor", nullValue());
        given().get("/v1/jobs?status=running")
                .then()
                .statusCode(200)
                .body("items.size()", is(0))
                .body("next_cursor", nullValue());
    }

    @Test
    void shouldListFiftyWhenNoLimitIsGiven() {
        for (int i = 0; i < 51; i++) {
            job("j" + i, "queued", "2026-01-01T00:00:00Z", "");
        }
        given().get("/v1/jobs").then().body("items.size()", is(50));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status=done",
                "status=QUEUED",
                "status=",
                "limit=0",
                "limit=-1",
                "limit=1001",
                "limit=abc",
                "limit=1.5",
                "limit=99999999999999999999",
                "limit=5&limit=6",
                "cursor=garbage",
                "cursor=",
                "cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "cursor=%00",
                "batch_id=1-1-1-1-1",
                "batch_id=x",
                "replay_id=x",
                "created_after=2026-01-02T00:00:00Z&created_before=2026-01-02T01:00:00%2B01:00",
                "error_class=bad",
                "id=",
                "id=7",
                "id=%00",
                "fingerprint=5B0C9D7E21F4A836",
                "fingerprint=5b0c9d7e",
                "fingerprint=5b0c9d7e21f4a836&fingerprint=5b0c9d7e21f4a836",
                "reference=",
                "reference=%00",
                "reference=a&reference=b",
                "model=%00",
                "model=a%0Bb",
                "label=scene",
                "label=:x",
                "label=a:%00",
                "label=a:1&label=a:2",
                "created_after=yesterday",
                "created_after=2026-01-01",
                "created_after=%2B1000000000-01-01T00:00:00Z",
                "created_before=-0001-01-01T00:00:00Z",
                "created_before=2026-02-30T00:00:00Z",
                "stauts=queued",
                "offset=5",
                "=x",
                "a%00b=x"
            })
    void shouldRefuseTheParameterWhenItIsWrong(String query) {
        given().urlEncodingEnabled(false)
                .get("/v1/jobs?" + query)
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("code", is("bad_parameter"))
                .body("errors.size()", is(1));
    }

    @Test
    void shouldListEveryWrongParameterAtOnce() {
        given().get("/v1/jobs?limit=0&status=nope&status=queued&stauts=queued&cursor=x&created_after=now")
                .then()
                .statusCode(400)
                .body("errors.field", containsInAnyOrder("limit", "status", "stauts", "cursor", "created_after"))
                .body("errors.find { it.field == 'stauts' }.message", containsString("did you mean \"status\"?"));
    }
}
