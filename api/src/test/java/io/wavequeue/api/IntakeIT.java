package io.wavequeue.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class IntakeIT {
    private static final String MUSIC = "stability-ai/stable-audio-3/music";

    @Inject
    Tables tables;

    @BeforeEach
    void emptyTables() {
        tables.empty();
    }

    private static Response post(String body) {
        return given().contentType(ContentType.JSON).body(body).post("/v1/jobs");
    }

    @Test
    void shouldQueueTheJobWhenTheRequestIsValid() {
        Response answer = post("""
                {"model": "%s", "input": {"prompt": "rain on leaves\\nand a\\tharp", "duration": 30.50},
                 "reference": "forest_01", "labels": {"scene": "forest", "leer": ""}, "max_attempts": 5}
                """.formatted(MUSIC));

        String id = answer.path("id");
        answer.then()
                .statusCode(202)
                .contentType(ContentType.JSON)
                .header("Location", "/v1/jobs/" + id)
                .body("status", is("queued"))
                .body("cancel_requested", is(false))
                .body("hold_reason", nullValue())
                .body("model", is(MUSIC))
                .body("reference", is("forest_01"))
                .body("lane", is("interactive"))
                .body("labels.scene", is("forest"))
                .body("batch_id", nullValue())
                .body("max_attempts", is(5))
                .body("attempts.size()", is(0))
                .body("outputs.size()", is(0))
                .body("cost.estimated_usd", is(0.0217f))
                .body("cost.charged_usd", nullValue())
                .body("cost.currency", is("USD"))
                .body("timings.total_ms", nullValue())
                .body("error", nullValue());
        assertThat(answer.asString())
                .contains("\"input\":{\"prompt\":\"rain on leaves\\nand a\\tharp\",\"duration\":30.50}");
        assertThat(tables.value("select input from job_payload where job_id = ?::uuid", id))
                .isEqualTo("{\"prompt\":\"rain on leaves\\nand a\\tharp\",\"duration\":30.50}");
        assertThat(tables.value("select status || ' ' || (dispatch_at <= now()) from job where id = ?::uuid", id))
                .isEqualTo("queued true");
    }

    @Test
    void shouldShowTheSameJobWhenItIsReadBack() {
        Response made = post("{\"model\":\"" + MUSIC + "\",\"input\":{\"prompt\":\"x\"},\"lane\":\"bulk\"}");
        Response read = given().get("/v1/jobs/{id}", (String) made.path("id"));

        read.then().statusCode(200).body("lane", is("bulk"));
        assertThat(withoutTimes(read.asString())).isEqualTo(withoutTimes(made.asString()));
    }

    private static String withoutTimes(String job) {
        return job.replaceAll("\"created_at\":\"[^\"]*\"", "");
    }

    @Test
    void shouldListEveryFaultAtOnceWhenManyFieldsAreWrong() {
        post("""
                        {"model": "%s", "input": {"duration": "long", "promt": "x"}, "referense": "a", "lane": "fast",
                         "labels": {"a": 1, "b\\u0000": "x"}, "max_attempts": 11}
                        """.formatted(MUSIC))
                .then()
                .statusCode(422)
                .contentType("application/problem+json")
                .body("type", is("urn:wavequeue:problem:invalid_request"))
                .body("status", is(422))
                .body(
                        "errors.field",
                        hasItems(
                                "referense",
                                "input.prompt",
                                "input.promt",
                                "input.duration",
                                "lane",
                                "labels.a",
                                "labels.b\\u0000",
                                "max_attempts"))
                .body("errors.find { it.field == 'referense' }.message", containsString("did you mean \"reference\"?"))
                .body("errors.find { it.field == 'input.promt' }.message", containsString("prompt"));
        assertThat(tables.value("select count(*) from job")).isEqualTo("0");
    }

    @Test
    void shouldNameTheNearestModelWhenTheModelIsUnknown() {
        post("{\"model\":\"stability-ai/stable-audio-3/musik\",\"input\":{\"prompt\":\"x\"}}")
                .then()
                .statusCode(422)
                .body("errors[0].field", is("model"))
                .body("errors[0].message", containsString("did you mean \"" + MUSIC + "\"?"));
    }

    @Test
    void shouldRefuseTheClipWhenItWasNeverUploaded() {
        String reference = "media:sha256:" + "0".repeat(64);
        post("""
                        {"model": "stability-ai/stable-audio-3/audio-inpainting",
                         "input": {"audio": "%s", "prompt": "x", "mask_start_seconds": 4, "mask_end_seconds": 2}}
                        """.formatted(reference))
                .then()
                .statusCode(422)
                .body("errors.field", hasItems("input.audio"))
                .body("errors.size()", equalTo(2))
                .body("errors.find { it.field == 'input.audio' }.message", containsString("POST /v1/media"));
    }

    @Test
    void shouldPriceByTheClipsLengthWhenTheClipWasUploaded() {
        String sha256 = "a".repeat(64);
        tables.run(
                "insert into media (sha256, bytes, content_type, filename, duration_seconds) values (?, 10, 'audio/wav', 'a.wav', 12.5)",
                sha256);
        Response answer = post("""
                {"model": "wavespeed-ai/ace-step/audio-outpaint",
                 "input": {"audio": "media:sha256:%s", "tags": "calm"}}
                """.formatted(sha256));
        answer.then().statusCode(202).body("cost.estimated_usd", is(0.006f));
        assertThat(tables.value("select reserve_usd from job")).isEqualTo("0.008500");
    }

    @Test
    void shouldMakeNoJobWhenAParameterIsGivenThatNobodyReads() {
        given().contentType(ContentType.JSON)
                .body("{\"model\":\"" + MUSIC + "\",\"input\":{\"prompt\":\"x\"}}")
                .post("/v1/jobs?dry_run=true")
                .then()
                .statusCode(400)
                .contentType(startsWith("application/problem+json"))
                .body("errors[0].field", is("dry_run"));
        assertThat(tables.value("select count(*) from job")).isEqualTo("0");
    }
}
