package io.wavequeue.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class IdempotencyIT {
    private static final String BODY =
            "{\"model\":\"stability-ai/stable-audio-3/music\",\"input\":{\"prompt\":\"x\",\"duration\":30}}";

    @Inject
    Tables tables;

    @BeforeEach
    void emptyTables() {
        tables.empty();
    }

    private static Response post(String key, String body) {
        return given().header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .body(body)
                .post("/v1/jobs");
    }

    private String jobs() {
        return tables.value("select count(*) from job");
    }

    @Test
    void shouldGiveTheFirstAnswerWhenTheSameRequestComesAgain() {
        Response first = post("k1", BODY);
        Response again = post("k1", BODY);

        first.then().statusCode(202).header("Idempotent-Replayed", nullValue());
        again.then().statusCode(202).header("Idempotent-Replayed", "true").header("Location", first.header("Location"));
        assertThat(again.asString()).isEqualTo(first.asString());
        assertThat(jobs()).isEqualTo("1");
    }

    @Test
    void shouldGiveTheFirstAnswerWhenTheBodyMeansTheSame() {
        Response first = post("k1", BODY);
        Response again = post(
                "k1",
                "{ \"input\" : {\"duration\":3e1, \"prompt\":\"\\u0078\"},\n\"model\":\"stability-ai/stable-audio-3/music\"}");

        again.then().statusCode(202).header("Idempotent-Replayed", "true").body("id", is((String) first.path("id")));
    }

    @Test
    void shouldRefuseWhenTheKeyComesWithAnotherBody() {
        post("k1", BODY).then().statusCode(202);
        post("k1", BODY.replace("30", "31"))
                .then()
                .statusCode(422)
                .contentType("application/problem+json")
                .body("code", is("key_reused"));
        assertThat(jobs()).isEqualTo("1");
    }

    @Test
    void shouldKeepNothingWhenTheRequestIsInvalid() {
        post("k1", "{\"model\":\"none\"}").then().statusCode(422).body("code", is("invalid_request"));
        post("k1", BODY).then().statusCode(202).header("Idempotent-Replayed", nullValue());
    }

    @Test
    void shouldMakeOneJobWhenEightCallsComeAtOnce() throws Exception {
        int callers = 8;
        CyclicBarrier start = new CyclicBarrier(callers);
        List<Response> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(callers)) {
            Callable<Response> call = () -> {
                start.await();
                return post("all-at-once", BODY);
            };
            List<Future<Response>> calls = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                calls.add(threads.submit(call));
            }
            for (Future<Response> answer : calls) {
                answers.add(answer.get());
            }
        }
        assertThat(answers).extracting(Response::statusCode).containsOnly(202);
        assertThat(answers)
                .extracting(Response::asString)
                .containsOnly(answers.getFirst().asString());
        assertThat(answers.stream().filter(answer -> answer.header("Idempotent-Replayed") == null))
                .hasSize(1);
        assertThat(jobs()).isEqualTo("1");
    }

    @Test
    void shouldMakeTwoJobsWhenKeysDiffer() {
        post("k1", BODY).then().statusCode(202);
        post("~".repeat(255), BODY).then().statusCode(202);
        assertThat(jobs()).isEqualTo("2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"with space", "tab\there", "ümlaut"})
    void shouldRefuseTheKeyWhenItIsNotVisibleAscii(String key) {
        post(key, BODY)
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("code", is("bad_header"));
    }

    @Test
    void shouldRefuseTheKeyWhenItIsTooLongOrEmpty() {
        post("k".repeat(256), BODY).then().statusCode(400).body("code", is("bad_header"));
        post("", BODY).then().statusCode(400).body("code", is("bad_header"));
        assertThat(jobs()).isEqualTo("0");
    }
}
