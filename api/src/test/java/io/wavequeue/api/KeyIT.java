package io.wavequeue.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.is;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(KeyIT.WithKey.class)
class KeyIT {
    private static final String KEY = "correct-horse";

    /** As an installation that listens beyond loopback. */
    public static final class WithKey implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "wavequeue.api-key",
                    KEY,
                    "quarkus.http.host",
                    "0.0.0.0",
                    "wavequeue.webhook.url",
                    "https://hooks.example/wavequeue",
                    "wavequeue.webhook.secret",
                    "whsec_configured, " + WebhookIT.SECRET);
        }
    }

    @TestHTTPResource
    URI server;

    @Test
    void shouldLetTheCallerInWhenTheKeyIsRight() {
        given().header("Authorization", "Bearer " + KEY)
                .get("/v1/account")
                .then()
                .statusCode(200);
        given().header("Authorization", "bearer  " + KEY)
                .get("/v1/account")
                .then()
                .statusCode(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer wrong",
                "Bearer ",
                "Bearer",
                "Bearer correct-hors",
                "Bearer correct-horse2",
                "Basic correct-horse",
                "correct-horse"
            })
    void shouldRefuseWhenTheKeyIsWrong(String authorization) {
        given().header("Authorization", authorization)
                .get("/v1/account")
                .then()
                .statusCode(401)
                .contentType("application/problem+json")
                .header("WWW-Authenticate", "Bearer")
                .body("code", is("unauthorized"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/jobs",
                "/v1/models",
                "/v1/account",
                "//v1/account",
                "/%76%31/account",
                "/v1/../v1/account",
                "/q/../v1/account",
                "/q/%2e%2e/v1/account",
                "/v1/account;x=/q/",
                "/nothing"
            })
    void shouldRefuseWhenThereIsNoKeyHoweverThePathIsSpelt(String path) throws IOException {
        RawHttp http = new RawHttp(server);
        assertThat(RawHttp.status(http.get(path, http.host()))).isIn(401, 404);
        assertThat(http.get(path, http.host())).doesNotContain("\"tier\"");
    }

    @Test
    void shouldLetSignedWebhooksInWithoutTheKeyAndNothingElseBelowTheirPath() {
        byte[] body = "{\"id\":\"p-made\"}".getBytes(StandardCharsets.UTF_8);
        String token = "/v1/webhooks/wavespeed/6b1f2f0e-6f7c-4b7e-9a51-0c7a3f1c2d3e";
        for (String secret : List.of("whsec_configured", WebhookIT.SECRET)) {
            WebhookIT.signed(secret, 0, body).post(token).then().statusCode(404).body("code", is("not_found"));
        }
        WebhookIT.signed("whsec_guessed", 0, body)
                .post(token)
                .then()
                .statusCode(401)
                .body("code", is("bad_signature"));
        for (String path :
                List.of(token + "/x", "/v1/webhooks/wavespeed/", "/v1/webhooks/wavespeed/../../account/pause")) {
            given().urlEncodingEnabled(false).post(path).then().statusCode(401).body("code", is("unauthorized"));
        }
        given().get(token).then().statusCode(401).body("code", is("unauthorized"));
    }

    @Test
    void shouldStayOpenForHealth() {
        given().get("/q/health/ready").then().statusCode(200);
        given().get("/q/health/live").then().statusCode(200);
    }

    @Test
    void shouldAnswerUnderAnyHostWhenItListensBeyondLoopback() {
        given().header("Host", "wavequeue.example")
                .header("Authorization", "Bearer " + KEY)
                .get("/v1/account")
                .then()
                .statusCode(200);
    }
}
