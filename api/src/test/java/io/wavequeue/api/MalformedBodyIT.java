package io.wavequeue.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the body is, the answer is a 4xx that says why, and no job. */
@QuarkusTest
class MalformedBodyIT {
    private static final String START = "{\"model\":\"stability-ai/stable-audio-3/music\",\"input\":{\"prompt\":\"x\"";
    private static final String GOOD = START + "}}";

    @Inject
    Tables tables;

    @BeforeEach
    void emptyTables() {
        tables.empty();
    }

    static Stream<Arguments> bodies() {
        return Stream.concat(notJson(), wrongFields());
    }

    private static Stream<Arguments> notJson() {
        return Stream.of(
                body("nothing", "", 400),
                body("white space", " \n\t ", 400),
                body("one brace", "{", 400),
                body("cut off", GOOD.substring(0, 40), 400),
                body("trailing brace", GOOD + "}", 400),
                body("two values", GOOD + GOOD, 400),
                body("trailing comma", "{\"model\":\"a\",}", 400),
                body("comment", "/* a */" + GOOD, 400),
                body("single quotes", "{'model':'a'}", 400),
                body("unquoted key", "{model:\"a\"}", 400),
                body("not a number", "{\"a\":NaN}", 400),
                body("infinity", "{\"a\":-Infinity}", 400),
                body("leading zero", "{\"a\":007}", 400),
                body("plus sign", "{\"a\":+1}", 400),
                body("hex", "{\"a\":0x10}", 400),
                body("bare point", "{\"a\":1.}", 400),
                body("bad escape", "{\"a\":\"\\q\"}", 400),
                body("bad unicode escape", "{\"a\":\"\\u12\"}", 400),
                body("raw NUL in a text", "{\"a\":\"\u0000\"}", 400),
                body("raw line break in a text", "{\"a\":\"\n\"}", 400),
                body("NUL", "\u0000", 400),
                body("key twice", "{\"model\":\"a\",\"model\":\"b\"}", 400),
                body("key twice inside", START + ",\"prompt\":\"y\"}}", 400),
                body("deep lists", "[".repeat(50_000), 400),
                body("deep objects", "{\"a\":".repeat(20_000), 400),
                body("deep input", START + ",\"x\":" + "[".repeat(60) + "]".repeat(60) + "}}", 400),
                body("giant exponent", START + ",\"duration\":1e1000000000}}", 400),
                body("giant negative exponent", START + ",\"duration\":1e-1000000000}}", 400),
                body("exponent beyond an int", START + ",\"seed\":1e99999999999}}", 400),
                body("a number of 100,000 digits", START + ",\"seed\":" + "9".repeat(100_000) + "}}", 400),
                body("form", "model=a&input=b", 400),
                body("XML", "<model/>", 400),
                bytes("lone UTF-8 tail", new byte[] {'"', (byte) 0x80, '"'}, 400),
                bytes("overlong UTF-8", new byte[] {'"', (byte) 0xC0, (byte) 0xAF, '"'}, 400),
                bytes("surrogate in UTF-8", new byte[] {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'}, 400),
                bytes("UTF-16", GOOD.getBytes(StandardCharsets.UTF_16), 400),
                bytes("gzip", new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0}, 400));
    }

    private static Stream<Arguments> wrongFields() {
        return Stream.of(
                body("null", "null", 422),
                body("a list", "[]", 422),
                body("a list of requests", "[" + GOOD + "]", 422),
                body("a text", "\"x\"", 422),
                body("a number", "1", 422),
                body("an empty object", "{}", 422),
                body("model is a number", "{\"model\":1,\"input\":{}}", 422),
                body("model is null", "{\"model\":null,\"input\":{}}", 422),
                body("model with NUL", "{\"model\":\"a\\u0000\",\"input\":{}}", 422),
                body("input is a list", "{\"model\":\"stability-ai/stable-audio-3/music\",\"input\":[]}", 422),
                body("input is null", "{\"model\":\"stability-ai/stable-audio-3/music\",\"input\":null}", 422),
                body("no input", "{\"model\":\"stability-ai/stable-audio-3/music\"}", 422),
                body("blank prompt", GOOD.replace("\"x\"", "\" \\n \""), 422),
                body("NUL in the prompt", GOOD.replace("\"x\"", "\"a\\u0000b\""), 422),
                body("control character in the prompt", GOOD.replace("\"x\"", "\"a\\u0007b\""), 422),
                body("half a surrogate pair", GOOD.replace("\"x\"", "\"\\ud800\""), 422),
                body("prompt without end", GOOD.replace("\"x\"", '"' + "x".repeat(200_000) + '"'), 422),
                body("prompt is an object", GOOD.replace("\"x\"", "{}"), 422),
                body("duration is a text", START + ",\"duration\":\"30\"}}", 422),
                body("duration is negative", START + ",\"duration\":-1}}", 422),
                body("duration is huge", START + ",\"duration\":1e30}}", 422),
                body("seed is huge", START + ",\"seed\":99999999999999999999999999}}", 422),
                body("seed is a fraction", START + ",\"seed\":1.5}}", 422),
                body("unknown input", START + ",\"promt\":\"y\"}}", 422),
                body("input key with NUL", START + ",\"a\\u0000\":1}}", 422),
                body("reference is a number", START + "},\"reference\":7}", 422),
                body("reference too long", START + "},\"reference\":\"" + "r".repeat(201) + "\"}", 422),
                body("reference with a line break", START + "},\"reference\":\"a\\nb\"}", 422),
                body("reference with NUL", START + "},\"reference\":\"a\\u0000\"}", 422),
                body("empty reference", START + "},\"reference\":\"\"}", 422),
                body("labels are a list", START + "},\"labels\":[]}", 422),
                body("label is a number", START + "},\"labels\":{\"a\":1}}", 422),
                body("label is null", START + "},\"labels\":{\"a\":null}}", 422),
                body("label with NUL", START + "},\"labels\":{\"a\":\"\\u0000\"}}", 422),
                body("label key with NUL", START + "},\"labels\":{\"\\u0000\":\"a\"}}", 422),
                body("empty label key", START + "},\"labels\":{\"\":\"a\"}}", 422),
                body("label key with a colon", START + "},\"labels\":{\"a:b\":\"a\"}}", 422),
                body("label key too long", START + "},\"labels\":{\"" + "k".repeat(65) + "\":\"a\"}}", 422),
                body("label value too long", START + "},\"labels\":{\"k\":\"" + "v".repeat(257) + "\"}}", 422),
                body("max_attempts 0", START + "},\"max_attempts\":0}", 422),
                body("max_attempts 11", START + "},\"max_attempts\":11}", 422),
                body("max_attempts is a fraction", START + "},\"max_attempts\":2.5}", 422),
                body("max_attempts is a text", START + "},\"max_attempts\":\"3\"}", 422),
                body("max_attempts is huge", START + "},\"max_attempts\":4294967297}", 422),
                body("lane unknown", START + "},\"lane\":\"BULK\"}", 422),
                body("an id of one's own", START + "},\"id\":\"019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d11\"}", 422),
                body("a thousand unknown fields", START + "}" + unknownFields() + "}", 422),
                body("more than 1 MiB", GOOD + " ".repeat(1024 * 1024), 413),
                body("much more than 1 MiB", "[" + "1,".repeat(3 * 1024 * 1024), 413));
    }

    private static String unknownFields() {
        StringBuilder fields = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            fields.append(",\"field").append(i).append("\":null");
        }
        return fields.toString();
    }

    private static Arguments body(String name, String body, int status) {
        return bytes(name, body.getBytes(StandardCharsets.UTF_8), status);
    }

    private static Arguments bytes(String name, byte[] body, int status) {
        return Arguments.of(name, body, status);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bodies")
    void shouldSayWhyWhenTheBodyCannotBeTaken(String name, byte[] body, int status) {
        Response answer =
                given().header("Content-Type", "application/json").body(body).post("/v1/jobs");

        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(status);
        assertThat(answer.contentType()).startsWith("application/problem+json");
        JsonPath problem = answer.jsonPath();
        assertThat(problem.getInt("status")).isEqualTo(status);
        assertThat(problem.getString("detail")).isNotBlank();
        if (status != 413) {
            assertThat(problem.getList("errors")).isNotEmpty();
            assertThat(problem.<String>getList("errors.message")).noneMatch(String::isBlank);
        }
        if (status == 400) {
            assertThat(problem.getInt("errors[0].line")).isPositive();
            assertThat(problem.getString("detail")).contains("line").contains("column");
        }
        assertThat(answer.asString().length()).isLessThan(20_000);
        assertThat(tables.value("select count(*) from job")).isEqualTo("0");
    }

    @Test
    void shouldNeverAnswer500WhenAGoodBodyIsDamagedAtRandom() {
        Random random = new Random(20_260_131);
        byte[] good = (START
                        + ",\"duration\":30.5,\"seed\":-1},\"labels\":{\"a\":\"b\"},\"max_attempts\":3,\"reference\":\"r\"}")
                .getBytes(StandardCharsets.UTF_8);
        List<Integer> expected = List.of(202, 400, 422);
        for (int i = 0; i < 400; i++) {
            byte[] body = good.clone();
            for (int change = 0; change <= random.nextInt(3); change++) {
                body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            }
            Response answer = given().header("Content-Type", "application/json")
                    .body(body)
                    .post("/v1/jobs");
            assertThat(answer.statusCode())
                    .as(new String(body, StandardCharsets.ISO_8859_1) + " -> " + answer.asString())
                    .isIn(expected);
        }
    }
}
