package io.wavequeue.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.wavequeue.store.WebhookSecretStore;
import io.wavequeue.test.Patience;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The provider's call, as it and others would make it. */
@QuarkusTest
class WebhookIT {
    static final String SECRET = "whsec_0123456789abcdef";
    private static final UUID JOB = UUID.fromString("019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d11");
    private static final UUID WORKER = UUID.fromString("019b3f6e-0000-7c3e-9d0b-2f6c1a8e4d11");
    private static final String TOKEN = "6b1f2f0e-6f7c-4b7e-9a51-0c7a3f1c2d3e";
    private static final String TOLD = "{\"id\":\"p-made\",\"status\":\"completed\"}";

    @Inject
    Tables tables;

    @Inject
    WebhookSecretStore secrets;

    @TestHTTPResource
    URI server;

    @BeforeEach
    void emptyTables() {
        tables.empty();
        secrets.keep(SECRET);
    }

    /** A job whose submit has the token. */
    private void job(String status, String attemptStatus, @Nullable String predictionId) {
        tables.run("""
                insert into job (id, status, model, lane, max_attempts, attempt, fence, worker_id,
                                 error_class, error_message, error_retryable)
                select ?::uuid, s, 'm/a', 'bulk', 3, 1, 77, case when s in ('submitting', 'running') then ?::uuid end,
                       case when s = 'uncertain' then 'uncertain_submission' end,
                       case when s = 'uncertain' then 'nobody knows' end,
                       case when s = 'uncertain' then false end
                from (values (?)) as v(s)
                """, JOB, WORKER, status);
        tables.run("insert into job_payload (job_id, input) values (?, '{}')", JOB);
        tables.run("""
                insert into attempt (job_id, number, status, worker_id, prediction_id, budget_day, webhook_token)
                values (?, 1, ?, ?, ?, '2026-01-31', ?::uuid)
                """, JOB, attemptStatus, WORKER, predictionId, TOKEN);
    }

    static String sign(String secret, String id, long time, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(
                    secret.replaceFirst("^whsec_", "").getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update((id + "." + time + ".").getBytes(StandardCharsets.UTF_8));
            return "v3," + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static RequestSpecification signed(String secret, long ageSeconds, byte[] body) {
        long time = Instant.now().getEpochSecond() - ageSeconds;
        return given().contentType("application/json")
                .header("webhook-id", "msg_1")
                .header("webhook-timestamp", time)
                .header("webhook-signature", sign(secret, "msg_1", time, body))
                .body(body);
    }

    private static ValidatableResponse tell(String token, String body) {
        return signed(SECRET, 0, body.getBytes(StandardCharsets.UTF_8))
                .post("/v1/webhooks/wavespeed/{token}", token)
                .then();
    }

    private List<@Nullable String> evidence() {
        return tables.column(
                "select prediction_id || ' ' || job_id || ' ' || attempt from webhook_evidence order by prediction_id");
    }

    @ParameterizedTest
    @CsvSource({"submitting,submitting", "uncertain,uncertain"})
    void shouldKeepWhatItTellsAndChangeNoJob(String status, String attemptStatus) {
        job(status, attemptStatus, null);
        String before = tables.value("select j::text || a::text from job j join attempt a on a.job_id = j.id");

        tell(TOKEN, TOLD).statusCode(204).body(is(""));

        assertThat(evidence()).as("committed when it was answered").containsExactly("p-made " + JOB + " 1");
        assertThat(tables.value("select j::text || a::text from job j join attempt a on a.job_id = j.id"))
                .isEqualTo(before);
    }

    @Test
    void shouldTakeTheSameTwiceAndAnotherPredictionToo() {
        job("uncertain", "uncertain", null);
        tell(TOKEN, TOLD).statusCode(204);
        tell(TOKEN, TOLD).statusCode(204);
        tell(TOKEN, "{\"id\":\"p-other\"}").statusCode(204);

        assertThat(evidence()).containsExactly("p-made " + JOB + " 1", "p-other " + JOB + " 1");
    }

    @Test
    void shouldKeepNothingWhenTheAttemptHasThePrediction() {
        job("running", "accepted", "p-made");
        tell(TOKEN, TOLD).statusCode(204);
        assertThat(evidence()).isEmpty();

        tell(TOKEN, "{\"id\":\"p-other\"}").statusCode(204);
        assertThat(evidence()).as("charged twice, perhaps").containsExactly("p-other " + JOB + " 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"3b1f2f0e-6f7c-4b7e-9a51-0c7a3f1c2d3e", "not-a-token", "1-1-1-1-1"})
    void shouldNotKnowATokenThatNoSubmitHas(String token) {
        job("uncertain", "uncertain", null);
        tell(token, TOLD)
                .statusCode(404)
                .contentType("application/problem+json")
                .body("code", is("not_found"));
        assertThat(evidence()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "whsec_guessed,0,was not made with",
        SECRET + ",3600,seconds old",
        SECRET + ",-3600,seconds in the future"
    })
    void shouldRefuseWhatIsForgedOrFarFromNow(String secret, long ageSeconds, String detail) {
        job("uncertain", "uncertain", null);
        for (String token : List.of(TOKEN, "3b1f2f0e-6f7c-4b7e-9a51-0c7a3f1c2d3e")) {
            signed(secret, ageSeconds, TOLD.getBytes(StandardCharsets.UTF_8))
                    .post("/v1/webhooks/wavespeed/{token}", token)
                    .then()
                    .statusCode(401)
                    .contentType("application/problem+json")
                    .body("code", is("bad_signature"))
                    .body("detail", containsString(detail));
        }
        assertThat(evidence()).isEmpty();
    }

    @Test
    void shouldSayWhichHeadersAreMissing() {
        given().contentType("application/json")
                .body(TOLD)
                .post("/v1/webhooks/wavespeed/{token}", TOKEN)
                .then()
                .statusCode(401)
                .body("errors.field", hasItems("webhook-id", "webhook-timestamp", "webhook-signature"));
    }

    @Test
    void shouldVerifyTheBytesAsTheyCame() {
        job("uncertain", "uncertain", null);
        tell(TOKEN, " {\n\"input\":{\"prompt\":\"Gr\u00fc\u00dfe \\u00e9\"} , \"id\" : \"p-made\"}\n")
                .statusCode(204);
        assertThat(evidence()).hasSize(1);
        long time = Instant.now().getEpochSecond();
        given().contentType("application/json")
                .header("webhook-id", "msg_1")
                .header("webhook-timestamp", time)
                .header(
                        "webhook-signature",
                        sign(SECRET, "msg_1", time, "{\"id\":\"p-x1\"}".getBytes(StandardCharsets.UTF_8)))
                .body("{\"id\": \"p-x1\"}")
                .post("/v1/webhooks/wavespeed/{token}", TOKEN)
                .then()
                .statusCode(401);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | 400 | malformed_json",
                "{\"id\":\"p-made\" | 400 | malformed_json",
                "[] | 422 | invalid_request",
                "{} | 422 | invalid_request",
                "{\"id\":7} | 422 | invalid_request",
                "{\"id\":\"../balance\"} | 422 | invalid_request"
            })
    void shouldRefuseWhatIsSignedAndYetUnreadable(String body, int status, String code) {
        job("uncertain", "uncertain", null);
        tell(TOKEN, body).statusCode(status).body("code", is(code));
        assertThat(evidence()).isEmpty();
    }

    @Test
    void shouldRefuseABodyOfMoreThanAMebibyte() {
        byte[] large =
                ("{\"id\":\"p-made\",\"x\":\"" + "x".repeat(1024 * 1024) + "\"}").getBytes(StandardCharsets.UTF_8);
        signed(SECRET, 0, large)
                .post("/v1/webhooks/wavespeed/{token}", TOKEN)
                .then()
                .statusCode(413)
                .body("code", is("too_large"));
    }

    @Test
    void shouldTakeTheFormerSecretForADayAndThenNoMore() {
        job("uncertain", "uncertain", null);
        assertThat(secrets.keep("whsec_newer")).isTrue();
        assertThat(secrets.keep("whsec_newer")).isFalse();
        assertThat(secrets.valid()).containsExactly("whsec_newer", SECRET);
        tables.run("update webhook_secret set replaced_at = now() - interval '25 hours' where replaced_at is not null");
        assertThat(secrets.valid()).containsExactly("whsec_newer");
        secrets.keep("whsec_newest");
        assertThat(tables.column("select secret from webhook_secret")).doesNotContain(SECRET);
        secrets.keep("whsec_newer");
        assertThat(secrets.valid()).as("two keys, told in turn").contains("whsec_newer", "whsec_newest");
    }

    @Test
    void shouldAnswer503AndKeepNothingWhenTheDatabaseIsCutOff() {
        job("uncertain", "uncertain", null);
        tell(TOKEN, TOLD).statusCode(204);
        LinkedPostgres.link().cut();
        try {
            tell(TOKEN, "{\"id\":\"p-other\"}")
                    .statusCode(503)
                    .header("Retry-After", notNullValue())
                    .body("code", is("unavailable"));
        } finally {
            LinkedPostgres.link().mend();
        }
        Patience.await("the pool to have let go of what was cut")
                .ignoreExceptions()
                .until(() -> evidence().equals(List.of("p-made " + JOB + " 1")));
        Patience.await("the API to have done so, too")
                .until(() -> tell(TOKEN, "{\"id\":\"p-other\"}").extract().statusCode() == 204);
        assertThat(evidence()).hasSize(2);
    }

    @Test
    void shouldComeInUnderThePublicNameWhereNothingElseDoes() throws IOException {
        job("uncertain", "uncertain", null);
        byte[] body = TOLD.getBytes(StandardCharsets.UTF_8);
        long time = Instant.now().getEpochSecond();
        String head = "Host: hooks.example\r\nConnection: close\r\n";
        String answer = new RawHttp(server)
                .send("POST /v1/webhooks/wavespeed/" + TOKEN + " HTTP/1.1\r\n" + head
                        + "webhook-id: m\r\nwebhook-timestamp: "
                        + time + "\r\nwebhook-signature: " + sign(SECRET, "m", time, body) + "\r\nContent-Length: "
                        + body.length + "\r\n\r\n" + TOLD);
        assertThat(RawHttp.status(answer)).isEqualTo(204);
        for (String path : List.of(
                "/v1/account",
                "/v1/webhooks/wavespeed/" + TOKEN,
                "/v1/webhooks/wavespeed/../../account",
                "/v1/webhooks/wavespeed/%2e%2e/%2e%2e/account",
                "/v1/webhooks/wavespeed/..%2f..%2faccount")) {
            assertThat(RawHttp.status(new RawHttp(server).send("GET " + path + " HTTP/1.1\r\n" + head + "\r\n")))
                    .as(path)
                    .isEqualTo(421);
        }
        given().get("/v1/webhooks/wavespeed/" + TOKEN).then().statusCode(405).header("Allow", "POST");
    }

    @Test
    void shouldNotLetAPersonPayAgainForWhatAWebhookHasAnswered() {
        job("uncertain", "uncertain", null);
        tell(TOKEN, TOLD).statusCode(204);
        for (String decision : List.of("resubmit", "abandon")) {
            given().contentType("application/json")
                    .body("{\"decision\":\"" + decision + "\"}")
                    .post("/v1/jobs/{id}/resolve", JOB)
                    .then()
                    .statusCode(409)
                    .body("code", is("evidence_waits"));
        }
        assertThat(tables.value("select status from job")).isEqualTo("uncertain");
    }

    @Test
    void shouldCountWhatItAnswered() {
        job("uncertain", "uncertain", null);
        tell(TOKEN, TOLD).statusCode(204);
        tell("none", TOLD).statusCode(404);
        assertThat(given().get("/q/metrics").then().extract().asString())
                .contains("wavequeue_webhooks_total{outcome=\"kept\"}")
                .contains("wavequeue_webhooks_total{outcome=\"unknown_token\"}")
                .doesNotContain(TOKEN);
    }
}
