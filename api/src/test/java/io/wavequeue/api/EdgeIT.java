package io.wavequeue.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.wavequeue.test.Patience;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What HTTP itself allows callers to get wrong, and the endpoints that Quarkus brings. */
@QuarkusTest
class EdgeIT {
    private static final String BODY = "{\"model\":\"stability-ai/stable-audio-3/music\",\"input\":{\"prompt\":\"x\"}}";

    @Inject
    Tables tables;

    @TestHTTPResource
    URI server;

    @BeforeEach
    void emptyTables() {
        tables.empty();
    }

    @Nested
    class Routing {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "/",
                    "/v1",
                    "/v1/",
                    "/v2/jobs",
                    "/v1/job",
                    "/v1/jobs/019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d11/x",
                    "/v1/account/x",
                    "/v1/costs/differences/x",
                    "/favicon.ico"
                })
        void shouldAnswer404WhenNothingIsThere(String path) {
            given().get(path)
                    .then()
                    .statusCode(404)
                    .contentType("application/problem+json")
                    .body("code", is("not_found"));
        }

        @ParameterizedTest
        @CsvSource({
            "DELETE, /v1/jobs",
            "PUT, /v1/jobs",
            "PATCH, /v1/jobs/019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d11",
            "GET, /v1/jobs/019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d11/cancel",
            "GET, /v1/media",
            "POST, /v1/costs",
            "POST, /v1/models",
            "DELETE, /v1/account",
            "GET, /v1/account/pause"
        })
        void shouldAnswer405WhenTheMethodIsNotAllowed(String method, String path) {
            given().request(method, path)
                    .then()
                    .statusCode(405)
                    .contentType("application/problem+json")
                    .header("Allow", notNullValue())
                    .body("code", is("method_not_allowed"));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "text/plain",
                    "application/xml",
                    "application/x-www-form-urlencoded",
                    "multipart/form-data; boundary=b"
                })
        void shouldAnswer415WhenTheBodyIsOfAnotherType(String type) throws IOException {
            RawHttp http = new RawHttp(server);
            String answer =
                    http.send("POST /v1/jobs HTTP/1.1\r\n" + http.host() + "\r\nConnection: close\r\nContent-Type: "
                            + type + "\r\nContent-Length: " + BODY.length() + "\r\n\r\n" + BODY);
            assertThat(answer).startsWith("HTTP/1.1 415").contains("application/problem+json");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "Content-Type: \r\n", "Content-Type: nonsense\r\n", "Content-Type: /\r\n"})
        void shouldMakeNoJobWhenTheTypeIsMissingOrBroken(String header) throws IOException {
            RawHttp http = new RawHttp(server);
            String answer = http.send("POST /v1/jobs HTTP/1.1\r\n" + http.host() + "\r\nConnection: close\r\n" + header
                    + "Content-Length: " + BODY.length() + "\r\n\r\n" + BODY);
            assertThat(RawHttp.status(answer)).as(answer).isIn(400, 415);
            assertThat(answer).contains("application/problem+json");
            assertThat(tables.value("select count(*) from job")).isEqualTo("0");
        }

        @Test
        void shouldTakeJsonWithACharset() {
            given().header("Content-Type", "application/json; charset=utf-8")
                    .body(BODY)
                    .post("/v1/jobs")
                    .then()
                    .statusCode(202);
        }

        @Test
        void shouldTakeABodyInChunks() throws IOException {
            RawHttp http = new RawHttp(server);
            String head = "POST /v1/jobs HTTP/1.1\r\n" + http.host()
                    + "\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
            String chunks = Integer.toHexString(BODY.length()) + "\r\n" + BODY + "\r\n0\r\n\r\n";
            assertThat(http.send(head + chunks)).startsWith("HTTP/1.1 202");
        }

        @Test
        void shouldAnswer406WhenNothingOfTheKindCanBeSent() {
            given().accept("text/html")
                    .get("/v1/account")
                    .then()
                    .statusCode(406)
                    .contentType("application/problem+json");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "/v1/jobs?status=%zz",
                    "/v1/jobs?%zz=1",
                    "/v1/jobs?status=%",
                    "/v1/jobs/%zz",
                    "/v1/jobs/%",
                    "/v1/models/%zz",
                    "/v1/jobs?reference=%C0%AF",
                    "/v1/jobs?&&&=&",
                    "/v1/jobs?reference=a%ED%A0%80"
                })
        void shouldAnswer4xxWhenTheEscapesAreBroken(String target) throws IOException {
            RawHttp http = new RawHttp(server);
            int status = RawHttp.status(http.get(target, http.host()));
            assertThat(status).isIn(200, 400, 404);
        }
    }

    @Nested
    class Headers {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "Accept: ",
                    "Accept: ///",
                    "Accept: ;;",
                    "Accept: application/json;q=x",
                    "Accept: application/json;q=99999999999",
                    "Accept: a",
                    "Accept-Language: ;;;",
                    "Accept-Language: x-1-y;q=abc",
                    "Accept-Charset: nonsense",
                    "Content-Type: ",
                    "Content-Type: a/b/c",
                    "Content-Length: abc",
                    "Content-Length: -1",
                    "Cookie: =;;=",
                    "Cookie: a=\"",
                    "Range: bytes=5-1",
                    "If-None-Match: garbage",
                    "If-Match: \"",
                    "If-Modified-Since: yesterday",
                    "Expect: nonsense",
                    "Transfer-Encoding: nonsense",
                    "Authorization: ",
                    "X-Forwarded-For: ';--",
                    "traceparent: 00-zz-zz-zz",
                    "X-HTTP-Method-Override: DELETE"
                })
        void shouldNeverAnswer500WhenAHeaderIsOdd(String header) throws IOException {
            RawHttp http = new RawHttp(server);
            for (String path :
                    new String[] {"/v1/account", "/v1/jobs/019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d11/outputs/0"}) {
                String answer = http.get(path, http.host(), header);
                assertThat(RawHttp.status(answer)).as(answer).isIn(200, 400, 404, 406, 415, 417, 501);
            }
        }
    }

    @Nested
    class Origins {
        @ParameterizedTest
        @ValueSource(strings = {"localhost", "localhost:8080", "127.0.0.1:1", "[::1]:8080", "LOCALHOST"})
        void shouldAnswerWhenTheHostIsThisMachine(String host) throws IOException {
            assertThat(new RawHttp(server).get("/v1/account", "Host: " + host)).startsWith("HTTP/1.1 200");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "evil.example",
                    "evil.example:8080",
                    "localhost.evil.example",
                    "127.0.0.1.evil.example",
                    "10.0.0.1",
                    "",
                    "a b"
                })
        void shouldRefuseWhenTheHostIsAnother(String host) throws IOException {
            String answer = new RawHttp(server).get("/v1/account", "Host: " + host);
            assertThat(RawHttp.status(answer)).as(answer).isIn(400, 421);
        }

        @Test
        void shouldRefuseWhenTheHostIsMissingOrTwice() throws IOException {
            RawHttp http = new RawHttp(server);
            assertThat(RawHttp.status(http.get("/v1/account"))).isIn(400, 421);
            assertThat(RawHttp.status(http.get("/v1/account", http.host(), "Host: evil.example")))
                    .isIn(400, 421);
        }

        @Test
        void shouldSayWhyWhenTheHostIsAnother() {
            given().header("Host", "evil.example")
                    .get("/v1/jobs")
                    .then()
                    .statusCode(421)
                    .contentType("application/problem+json")
                    .body("code", is("foreign_host"));
        }

        @Test
        void shouldRefuseWhenAnotherSitesPageCalls() {
            given().header("Origin", "https://evil.example")
                    .post("/v1/account/pause")
                    .then()
                    .statusCode(403)
                    .body("code", is("foreign_origin"));
            given().header("Origin", "null").post("/v1/account/pause").then().statusCode(403);
            given().header("Origin", "http://localhost:" + server.getPort())
                    .post("/v1/account/resume")
                    .then()
                    .statusCode(200);
        }
    }

    @Nested
    class DatabaseAway {
        @Test
        void shouldAnswer503AndComeBackWhenTheDatabaseIsCutOff() {
            LinkedPostgres.link().cut();
            try {
                away(given().get("/v1/jobs"));
                away(given().get("/v1/jobs/019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d11"));
                away(given().get("/v1/costs"));
                away(given().get("/v1/account"));
                away(given().contentType("application/json").body(BODY).post("/v1/jobs"));
                given().get("/v1/models").then().statusCode(200);
                given().get("/q/health/live").then().statusCode(200);
                given().get("/q/health/ready").then().statusCode(503);
            } finally {
                LinkedPostgres.link().mend();
            }
            comesBack(
                    202,
                    () -> given().contentType("application/json").body(BODY).post("/v1/jobs"));
            comesBack(200, () -> given().get("/v1/jobs"));
            comesBack(200, () -> given().get("/q/health/ready"));
            given().get("/v1/jobs").then().statusCode(200).body("items.size()", is(1));
        }

        /** Each pooled connection that was cut may fail once more. */
        private static void comesBack(int status, Supplier<Response> call) {
            Patience.await("the pool to have let go of what was cut")
                    .until(() -> call.get().statusCode(), is(status));
        }

        private static void away(Response answer) {
            answer.then()
                    .statusCode(503)
                    .contentType("application/problem+json")
                    .header("Retry-After", notNullValue())
                    .body("code", is("unavailable"))
                    .body("detail", not(containsString("127.0.0.1")));
        }
    }

    @Nested
    class Endpoints {
        @Test
        void shouldBeReadyWithoutKafka() {
            given().get("/q/health/ready").then().statusCode(200).body("status", is("UP"));
            given().get("/q/health/live").then().statusCode(200).body("status", is("UP"));
        }

        @Test
        void shouldCountCallsByTemplateAndNotById() {
            // One that no other test names: a call that is refused before it finds its resource is counted by its path.
            String id = "019b3f6e-5a71-7c3e-9d0b-2f6c1a8e4d12";
            given().get("/v1/jobs/" + id);
            String metrics =
                    given().get("/q/metrics").then().statusCode(200).extract().asString();
            assertThat(metrics).contains("http_server_requests_seconds_count").doesNotContain(id);
        }

        @Test
        void shouldDescribeItself() {
            String openapi = given().accept("application/json")
                    .get("/q/openapi?format=json")
                    .then()
                    .statusCode(200)
                    .extract()
                    .asString();
            assertThat(openapi)
                    .contains(
                            "\"/v1/jobs\"",
                            "\"/v1/jobs/{id}/cancel\"",
                            "\"/v1/media\"",
                            "\"/v1/account\"",
                            "\"/v1/costs\"",
                            "\"/v1/costs/differences\"",
                            "\"/v1/webhooks/wavespeed/{token}\"")
                    .contains("max_attempts", "cancel_requested", "forest_theme_01", "Idempotency-Key", "problem+json")
                    .doesNotContain("maxAttempts", "cancelRequested");
            given().get("/q/swagger-ui/").then().statusCode(200).body(containsString("Swagger"));
        }
    }
}
