package io.wavequeue.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.aMapWithSize;
import static org.hamcrest.Matchers.both;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.config.EncoderConfig;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.wavequeue.dispatch.BatchFollower;
import io.wavequeue.store.JobSpool;
import io.wavequeue.wiring.WavequeueConfig;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class BatchIT {
    private static final String MUSIC = "stability-ai/stable-audio-3/music";
    private static final String OUTPAINT = "wavespeed-ai/ace-step/audio-outpaint";
    private static final String CSV = "text/csv";
    private static final String NDJSON = "application/x-ndjson";
    private static final String JSON = "application/json";
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final String ONE = "{\"model\":\"" + MUSIC + "\",\"input\":{\"prompt\":\"x\"}}";

    @Inject
    Tables tables;

    @Inject
    WavequeueConfig config;

    @Inject
    BatchFollower follower;

    @TestHTTPResource
    URI server;

    @BeforeEach
    void emptyTables() {
        tables.empty();
    }

    private static Response post(String type, String query, String file, String... headers) {
        RequestSpecification request = given().config(RestAssured.config()
                        .encoderConfig(EncoderConfig.encoderConfig()
                                .appendDefaultContentCharsetToContentTypeIfUndefined(false)))
                .contentType(type)
                .body(file.replace("$", MUSIC).getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request.post("/v1/batches" + query);
    }

    private void assertNothingWasEnqueued() throws IOException {
        assertThat(tables.value("select (select count(*) from job) + (select count(*) from batch)"))
                .isEqualTo("0");
        assertThat(spooled()).isEmpty();
    }

    /** A spool's files have no names from the start where the system allows that: Linux tells which of them are open. */
    private List<Path> spooled() throws IOException {
        Path folder = config.dataDir().resolve("spool").toRealPath();
        List<Path> files = new ArrayList<>();
        try (Stream<Path> named = Files.list(folder)) {
            named.forEach(files::add);
        }
        if (Files.isDirectory(DESCRIPTORS)) {
            try (Stream<Path> descriptors = Files.list(DESCRIPTORS)) {
                descriptors
                        .flatMap(BatchIT::target)
                        .filter(file -> file.startsWith(folder))
                        .forEach(files::add);
            }
        }
        return files;
    }

    /** Nothing when others have closed it meanwhile. */
    private static Stream<Path> target(Path descriptor) {
        try {
            return Stream.of(Files.readSymbolicLink(descriptor));
        } catch (IOException closed) {
            return Stream.empty();
        }
    }

    @Nested
    class Take {
        @Test
        void shouldQueueEveryLineOfACsvFile() {
            Response answer = post(CSV, "?name=forest&lane=interactive", """
                    \uFEFFreference;model;prompt;duration;tags;lane;labels.scene;max_attempts;audio
                    forest_01;$;"rain; ""soft""
                    and back\\slash\\N	tab";30.50;;;forest;5;
                    ;wavespeed-ai/ace-step/audio-outpaint;;;calm;bulk;;;https://example.com/a.wav
                    """);

            String id = answer.path("id");
            answer.then()
                    .statusCode(202)
                    .contentType(ContentType.JSON)
                    .header("Location", "/v1/batches/" + id)
                    .body("name", is("forest"))
                    .body("status", is("running"))
                    .body("lane", is("interactive"))
                    .body("counts.total", is(2))
                    .body("counts.queued", is(2))
                    .body("counts.archived", is(0))
                    .body("cost.estimated_usd", is(0.0277f))
                    .body("cost.unknown_price", is(0))
                    .body("cost.reserved_usd", is(0))
                    .body("cost.charged_usd", nullValue())
                    .body("cost.budget_usd", nullValue())
                    .body("eta_seconds", nullValue())
                    .body("created_at", notNullValue())
                    .body("done_at", nullValue());
            assertThat(given().get("/v1/batches/{id}", id).asString()).isEqualTo(answer.asString());
            Response jobs = given().get("/v1/jobs?batch_id=" + id + "&model=" + MUSIC);
            jobs.then()
                    .body("items.size()", is(1))
                    .body("items[0].reference", is("forest_01"))
                    .body("items[0].lane", is("interactive"))
                    .body("items[0].labels", aMapWithSize(1))
                    .body("items[0].labels.scene", is("forest"))
                    .body("items[0].max_attempts", is(5))
                    .body("items[0].batch_id", is(id))
                    .body("items[0].input.prompt", is("rain; \"soft\"\nand back\\slash\\N\ttab"));
            assertThat(jobs.asString()).contains("\"duration\":30.50}");
            given().get("/v1/jobs?model=" + MUSIC).then().body("items.reference", contains("forest_01"));
            given().get("/v1/jobs?reference=forest_01").then().body("items.batch_id", contains(id));
            given().get("/v1/jobs?batch_id=" + id + "&model=" + OUTPAINT)
                    .then()
                    .body("items[0].reference", nullValue())
                    .body("items[0].lane", is("bulk"))
                    .body("items[0].max_attempts", is(3))
                    .body("items[0].cost.estimated_usd", is(0.006f));
            assertThat(tables.column("select status || ' ' || (dispatch_at = created_at) from job"))
                    .containsExactly("queued true", "queued true");
            assertThat(tables.value(
                            "select count(*) from event e join job j on j.id = e.job_id where e.status = 'queued'"))
                    .isEqualTo("2");
        }

        @Test
        void shouldTakeTheSameBodiesAsForSingleJobs() {
            String second =
                    "{\"model\":\"" + MUSIC + "\",\"input\":{\"duration\":3e1,\"prompt\":\"y\"},\"lane\":\"bulk\"}";
            post(NDJSON, "", ONE + "\r\n\n" + second)
                    .then()
                    .statusCode(202)
                    .body("counts.queued", is(2))
                    .body("lane", is("bulk"))
                    .body("name", nullValue());
            post(JSON, "", "[" + ONE + ",\n" + second + "]")
                    .then()
                    .statusCode(202)
                    .body("counts.queued", is(2));

            assertThat(tables.column("select input from job_payload order by 1"))
                    .containsExactly(
                            "{\"duration\":3E+1,\"prompt\":\"y\"}",
                            "{\"duration\":3E+1,\"prompt\":\"y\"}",
                            "{\"prompt\":\"x\"}",
                            "{\"prompt\":\"x\"}");
        }

        @Test
        void shouldPriceByTheClipsThatWereUploaded() {
            tables.run(
                    "insert into media (sha256, bytes, content_type, filename, duration_seconds) values (?, 10, 'audio/wav', 'a', 12.5)",
                    "a".repeat(64));
            String line = "wavespeed-ai/ace-step/audio-outpaint,calm,media:sha256:";
            post(CSV, "", "model,tags,audio\n" + line + "a".repeat(64) + "\n" + line + "b".repeat(64) + "\n")
                    .then()
                    .statusCode(422)
                    .body("errors.line", contains(3))
                    .body("errors.field", contains("audio"))
                    .body("errors[0].message", containsString("POST /v1/media"));
            post(CSV, "", "model,tags,audio\n" + (line + "a".repeat(64) + "\n").repeat(2))
                    .then()
                    .statusCode(202);
            assertThat(tables.column("select reserve_usd from job")).containsExactly("0.008500", "0.008500");
        }
    }

    @Nested
    class Refuse {
        @Test
        void shouldListEveryFaultWithTheFilesOwnLine() throws IOException {
            post(CSV, "", """
                            model,prompt,duration,lane,labels.a:b,max_attempts,tags
                            $,good,30,,,,
                            $,"two
                            lines",1.5x,fast,,11,
                            $,,9999,,v,,

                            stability-ai/stable-audio-3/musik,x,,,,,
                            ,x,,,,,
                            $,x,5,,,,calm
                            """)
                    .then()
                    .statusCode(422)
                    .contentType("application/problem+json")
                    .body("code", is("invalid_request"))
                    .body("detail", is("9 things are wrong in 5 lines; nothing was enqueued"))
                    .body("errors.line", contains(3, 3, 3, 5, 5, 5, 7, 8, 9))
                    .body(
                            "errors.field",
                            contains(
                                    "duration",
                                    "lane",
                                    "max_attempts",
                                    "prompt",
                                    "duration",
                                    "labels.a:b",
                                    "model",
                                    "model",
                                    "tags"))
                    .body("errors[0].message", containsString("\"1.5x\" is not allowed; it must be"))
                    .body("errors[3].message", startsWith("is required"))
                    .body("errors[6].message", containsString("did you mean \"" + MUSIC + "\"?"))
                    .body("errors[8].message", startsWith("unknown field \"tags\""));
            assertNothingWasEnqueued();
        }

        /** The check of all others here could not fail otherwise. */
        @Test
        @EnabledOnOs(OS.LINUX)
        void shouldSeeASpoolThatIsLeftOpen() throws IOException {
            try (JobSpool left = JobSpool.create(config.dataDir().resolve("spool"))) {
                assertThat(left).isNotNull();
                assertThat(spooled()).hasSize(3);
            }
            assertThat(spooled()).isEmpty();
        }

        @Test
        void shouldSuggestTheColumnThatWasMeant() throws IOException {
            post(CSV, "", "model,promt\n$,x\n")
                    .then()
                    .statusCode(422)
                    .body("errors.size()", is(1))
                    .body("errors[0].line", is(1))
                    .body("errors[0].field", is("promt"))
                    .body("errors[0].message", is("unknown column; did you mean \"prompt\"?"));
            assertNothingWasEnqueued();
        }

        @Test
        void shouldEnqueueNothingWhenOneOfTenThousandLinesIsWrong() throws IOException {
            StringBuilder file = new StringBuilder();
            for (int i = 1; i <= 10_000; i++) {
                file.append(i == 9_876 ? ONE.replace("x", "") : ONE).append('\n');
            }
            post(NDJSON, "", file.toString())
                    .then()
                    .statusCode(422)
                    .body("errors.size()", is(1))
                    .body("errors[0].line", is(9_876))
                    .body("errors[0].field", is("input.prompt"));
            assertNothingWasEnqueued();
        }

        @Test
        void shouldListAThousandFaultsAndCountTheOthers() throws IOException {
            post(NDJSON, "", "{}\n".repeat(2_000))
                    .then()
                    .statusCode(422)
                    .body("errors.size()", is(1_000))
                    .body("errors[999].line", is(500))
                    .body(
                            "detail",
                            is(
                                    "4,000 things are wrong in 2,000 lines; errors lists the first 1,000; nothing was enqueued"));
            assertNothingWasEnqueued();
        }

        @Test
        void shouldNameLineAndElementOfAnArray() throws IOException {
            post(JSON, "", "[\n" + ONE + ",\n{\"model\":\"" + MUSIC + "\",\"input\":{}}, 7]")
                    .then()
                    .statusCode(422)
                    .body("errors.line", contains(3, 3))
                    .body("errors.field", contains("[1].input.prompt", "[2]"));
            assertNothingWasEnqueued();
        }

        @Test
        void shouldTellWhereAnArrayIsNotJson() throws IOException {
            assertNotJson("", 1, "it must be a JSON array of requests");
            assertNotJson(ONE, 1, "it must be a JSON array of requests");
            assertNotJson("[{\"a\":1]", 1, "Unexpected close marker");
            assertNotJson("[{\"a\":1,\"a\":2}]", 1, "Duplicate field");
            assertNotJson("[" + ONE + ",\n", 2, "Unexpected end-of-input");
            assertNotJson("[" + ONE + "]\n]", 2, "Unexpected close marker");
            assertNotJson("[" + ONE + "]\n7", 2, "something follows");
            assertNotJson("[\n" + "[".repeat(40), 2, "nested more than 32 levels deep");
            String tooLong = "x".repeat(2_000_000);
            assertNotJson("[" + ONE + ",\n\"" + tooLong, 2, "the request [1] is longer than 1,048,576");
            assertNotJson("[\n\n{\"model\":\n\"" + tooLong, 3, "the request [0] is longer than 1,048,576");
            assertNothingWasEnqueued();
        }

        private static void assertNotJson(String file, int line, String reason) {
            post(JSON, "", file)
                    .then()
                    .statusCode(400)
                    .body("code", is("malformed_json"))
                    .body("errors[0].message", containsString(reason))
                    .body("errors[0].line", is(line));
        }

        @Test
        void shouldRefuseAFileWithoutJobs() throws IOException {
            for (String file : List.of("", "model,prompt", "model,prompt\n,\n\n")) {
                assertIsEmpty(CSV, file);
            }
            assertIsEmpty(NDJSON, "");
            assertIsEmpty(NDJSON, "\n \r\n");
            assertIsEmpty(JSON, "[]");
            assertNothingWasEnqueued();
        }

        private static void assertIsEmpty(String type, String file) {
            post(type, "", file)
                    .then()
                    .statusCode(422)
                    .body("errors.line", contains(1))
                    .body("errors.message", contains("the file holds no job"));
        }

        @Test
        void shouldRefuseParametersThatItDoesNotTake() {
            assertRefuses("dry_run=yes", "use true or false");
            assertRefuses("reuse=no", "use true or false");
            assertRefuses("plan=x", "is not the id of a plan");
            assertRefuses("retake=quiet", "\"quiet\" is not known; use broken, suspect");
            assertRefuses("max_retakes=11", "from 1 to 10");
            assertRefuses("unknown_price=ok", "use accept or refuse");
            for (String budget : List.of("0", "-1", "x", "1.0000001", "10000001", "1e3", "null")) {
                assertRefuses("budget_usd=" + budget, "\"" + budget + "\" is not allowed; it must be a number above 0");
            }
            assertRefuses("lane=fast", "use interactive or bulk");
            assertRefuses("nmae=x", "did you mean \"name\"?");
            assertRefuses("name=a\nb", "contains a line break");
            assertRefuses("name=" + "n".repeat(201), "at most 200 are allowed");
            assertRefuses("name=", "is empty");
            assertThat(tables.value("select count(*) from job")).isEqualTo("0");
        }

        private static void assertRefuses(String query, String message) {
            post(NDJSON, "?" + query, ONE)
                    .then()
                    .statusCode(400)
                    .body("code", is("bad_parameter"))
                    .body("errors.field", contains(query.substring(0, query.indexOf('='))))
                    .body("errors[0].message", containsString(message));
        }

        @Test
        void shouldRefuseOtherTypes() {
            for (String type : List.of("text/plain", "text/csv; charset=iso-8859-1", "application/vnd.ms-excel")) {
                post(type, "", ONE).then().statusCode(415).body("code", is("unsupported_media_type"));
            }
        }

        @Test
        void shouldNameTheLimitWhenTheFileIsTooLarge() throws IOException {
            RawHttp http = new RawHttp(server);
            String answer = http.send("POST /v1/batches HTTP/1.1\r\n" + http.host()
                    + "\r\nContent-Type: text/csv\r\nContent-Length: 209715201\r\n\r\n");
            assertThat(answer).startsWith("HTTP/1.1 413").contains("at most 209,715,200 bytes");
        }
    }

    @Nested
    class SameKey {
        @ParameterizedTest
        @ValueSource(strings = {CSV, NDJSON, JSON})
        void shouldGiveTheFirstAnswerWhenTheFileComesAgain(String type) {
            String file = file(type);
            Response first = post(type, "", file, "Idempotency-Key", "k");
            Response again = post(type, "", file, "Idempotency-Key", "k");

            first.then().statusCode(202).header("Idempotent-Replayed", nullValue());
            again.then()
                    .statusCode(202)
                    .header("Idempotent-Replayed", "true")
                    .header("Location", first.header("Location"));
            assertThat(again.asString()).isEqualTo(first.asString());
            post(type, "", file.replace("x", "y"), "Idempotency-Key", "k")
                    .then()
                    .statusCode(422)
                    .body("code", is("key_reused"));
            assertThat(tables.value("select count(*) from job")).isEqualTo("1");
        }

        private static String file(String type) {
            return switch (type) {
                case CSV -> "model,prompt\n$,x\n";
                case JSON -> "[" + ONE + "]";
                default -> ONE;
            };
        }

        @Test
        void shouldKnowAnArrayByItsMeaningAndLinesByTheirBytes() {
            post(JSON, "", "[" + ONE + "]", "Idempotency-Key", "a").then().statusCode(202);
            post(JSON, "", "[ " + ONE.replace(":", " : ") + "\n]", "Idempotency-Key", "a")
                    .then()
                    .statusCode(202)
                    .header("Idempotent-Replayed", "true");
            post(NDJSON, "", ONE, "Idempotency-Key", "b").then().statusCode(202);
            post(NDJSON, "", ONE + "\n", "Idempotency-Key", "b").then().statusCode(422);
            assertThat(tables.value("select count(*) from job")).isEqualTo("2");
        }

        @Test
        void shouldRefuseWhenTheSameFileIsToBecomeAnotherBatch() {
            String array = "[" + ONE + "]";
            post(JSON, "?name=a", array, "Idempotency-Key", "k").then().statusCode(202);
            for (String other : List.of("", "?name=b", "?name=a&lane=interactive", "?name=a&budget_usd=1")) {
                post(JSON, other, array, "Idempotency-Key", "k")
                        .then()
                        .statusCode(422)
                        .body("code", is("key_reused"));
            }
            post(JSON, "?name=a&lane=bulk", array, "Idempotency-Key", "k")
                    .then()
                    .statusCode(202)
                    .header("Idempotent-Replayed", "true");
            post(CSV, "", "model,prompt\n$,x", "Idempotency-Key", "l").then().statusCode(202);
            post(NDJSON, "", "model,prompt\n$,x", "Idempotency-Key", "l")
                    .then()
                    .statusCode(422)
                    .body("code", is("key_reused"));
            assertThat(tables.value("select count(*) from job")).isEqualTo("2");
        }

        @Test
        void shouldGiveTheFirstAnswerEvenWhenTheFileIsNotValidAnyMore() {
            tables.run(
                    "insert into media (sha256, bytes, content_type, filename) values (?, 10, 'audio/mpeg', 'a')",
                    "a".repeat(64));
            String file = "model,tags,audio\nwavespeed-ai/ace-step/audio-outpaint,calm,media:sha256:" + "a".repeat(64);
            post(CSV, "", file, "Idempotency-Key", "k").then().statusCode(202);
            tables.run("delete from media");

            post(CSV, "", file, "Idempotency-Key", "k").then().statusCode(202).header("Idempotent-Replayed", "true");
        }

        @Test
        void shouldKeepNothingWhenTheFileIsInvalid() {
            post(NDJSON, "", "{}", "Idempotency-Key", "k")
                    .then()
                    .statusCode(422)
                    .body("code", is("invalid_request"));
            post(NDJSON, "", ONE, "Idempotency-Key", "k")
                    .then()
                    .statusCode(202)
                    .header("Idempotent-Replayed", nullValue());
        }

        @Test
        void shouldMakeOneBatchWhenFourCallsComeAtOnce() throws Exception {
            int callers = 4;
            String file = (ONE + "\n").repeat(300);
            CyclicBarrier start = new CyclicBarrier(callers);
            List<String> answers = new ArrayList<>();
            try (ExecutorService threads = Executors.newFixedThreadPool(callers)) {
                Callable<String> call = () -> {
                    start.await();
                    return post(NDJSON, "", file, "Idempotency-Key", "k").asString();
                };
                List<Future<String>> calls = IntStream.range(0, callers)
                        .mapToObj(i -> threads.submit(call))
                        .toList();
                for (Future<String> answer : calls) {
                    answers.add(answer.get());
                }
            }
            assertThat(answers).containsOnly(answers.getFirst());
            assertThat(tables.value("select count(*) from job")).isEqualTo("300");
        }
    }

    @Nested
    class Read {
        @Test
        void shouldCountJobsAndMoney() {
            String id = post(NDJSON, "", (ONE + "\n").repeat(4)).path("id");
            tables.run("""
                    update job
                    set status = 'succeeded', dispatch_at = null, settled_at = '2026-01-02T03:04:05Z', version = version + 1,
                        attempt = 1
                    where id in (select id from job order by id limit 3)
                    """);
            tables.run("""
                    insert into attempt (job_id, number, status, worker_id, prediction_id, budget_day, reserved_usd, charged_usd)
                    select id, 1, case when status = 'succeeded' then 'completed' else 'accepted' end, id, id::text,
                           current_date, 0.0217, case when status = 'succeeded' then 0.02 end
                    from job
                    """);
            tables.run("""
                    insert into output (job_id, number, attempt, url, file, bytes, sha256, archived_at, archive_at)
                    select id, n, 1, 'u', 'f', 1, 's',
                           case when n = 0 or row > 1 then '2026-01-02T03:04:06Z'::timestamptz end,
                           case when n = 1 and row = 1 then now() end
                    from (select id, row_number() over (order by id) as row from job where status = 'succeeded') j
                    cross join generate_series(0, 1) n
                    """);

            given().get("/v1/batches/{id}", id)
                    .then()
                    .body("status", is("running"))
                    .body("counts.total", is(4))
                    .body("counts.queued", is(1))
                    .body("counts.succeeded", is(3))
                    .body("counts.archived", is(2))
                    .body("cost.estimated_usd", is(0.0868f))
                    .body("cost.reserved_usd", is(0.0217f))
                    .body("cost.charged_usd", is(0.06f))
                    .body("done_at", nullValue());

            tables.run("""
                    update job
                    set status = 'cancelled', dispatch_at = null, settled_at = '2026-01-02T03:04:04Z', version = version + 1
                    where status = 'queued'
                    """);
            given().get("/v1/batches/{id}", id).then().body("status", is("running"));
            tables.run(
                    "update output set archived_at = '2026-01-02T03:04:07Z', archive_at = null where archived_at is null");
            given().get("/v1/batches/{id}", id)
                    .then()
                    .body("status", is("done"))
                    .body("counts.cancelled", is(1))
                    .body("counts.archived", is(3))
                    .body("done_at", is("2026-01-02T03:04:07Z"));
        }

        @Test
        void shouldListNewestFirstInPages() {
            List<String> ids = Stream.of("a", "b", "c")
                    .map(name -> post(NDJSON, "?name=" + name, ONE).<String>path("id"))
                    .toList();

            Response first = given().get("/v1/batches?limit=2");
            first.then().body("items.id", contains(ids.get(2), ids.get(1))).body("next_cursor", notNullValue());
            given().get("/v1/batches?limit=2&cursor=" + first.path("next_cursor"))
                    .then()
                    .body("items.name", contains("a"))
                    .body("items.counts.queued", everyItem(is(1)))
                    .body("next_cursor", nullValue());
            given().get("/v1/batches?limit=101&cursor=x").then().statusCode(400).body("errors.size()", is(2));
        }

        @Test
        void shouldAnswer404WhenThereIsNoSuchBatch() {
            for (String id : List.of("019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d11", "1-1-1-1-1", "x")) {
                given().get("/v1/batches/{id}", id).then().statusCode(404).body("code", is("not_found"));
            }
        }
    }

    @Nested
    class Stop {
        private static Response call(String id, String verb) {
            return given().post("/v1/batches/{id}/{verb}", id, verb);
        }

        private void follow() {
            while (follower.step() > 0) {}
        }

        @Test
        void shouldPauseAndResumeAtOnceAndAgain() {
            String id = post(NDJSON, "", (ONE + "\n").repeat(3)).path("id");

            for (int i = 0; i < 2; i++) {
                call(id, "pause")
                        .then()
                        .statusCode(200)
                        .body("id", is(id))
                        .body("status", is("paused"))
                        .body("counts.held", is(3))
                        .body("counts.queued", is(0))
                        .body("counts.total", is(3))
                        .body("eta_seconds", nullValue());
            }
            assertThat(tables.value("select count(*) from job where status = 'queued'"))
                    .isEqualTo("3");
            follow();
            given().get("/v1/batches/{id}", id)
                    .then()
                    .body("status", is("paused"))
                    .body("counts.held", is(3));
            given().get("/v1/jobs?batch_id=" + id)
                    .then()
                    .body("items.status", everyItem(is("held")))
                    .body("items.hold_reason", everyItem(is("paused")))
                    .body("items[0].error.class", is("paused"))
                    .body("items[0].error.message", containsString("/v1/batches/" + id + "/resume"));

            for (int i = 0; i < 2; i++) {
                call(id, "resume").then().statusCode(200).body("status", is("running"));
            }
            follow();
            given().get("/v1/batches/{id}", id).then().body("counts.queued", is(3));
        }

        @Test
        void shouldCancelOnceAndForAll() {
            String id = post(NDJSON, "", (ONE + "\n").repeat(3)).path("id");
            call(id, "pause").then().statusCode(200);
            follow();

            for (int i = 0; i < 2; i++) {
                call(id, "cancel")
                        .then()
                        .statusCode(200)
                        .body("status", is("cancelled"))
                        .body("counts.cancelled", is(3))
                        .body("counts.held", is(0));
            }
            for (String verb : List.of("pause", "resume")) {
                call(id, verb)
                        .then()
                        .statusCode(409)
                        .body("code", is("batch_ended"))
                        .body("detail", is("the batch is cancelled"));
            }
            given().get("/v1/batches/{id}", id).then().body("done_at", nullValue());
            follow();
            call(id, "cancel").then().statusCode(200);
            given().get("/v1/batches/{id}", id)
                    .then()
                    .body("status", is("cancelled"))
                    .body("counts.cancelled", is(3))
                    .body("done_at", notNullValue());
            assertThat(tables.value(
                            "select count(*) from event e join job j on j.id = e.job_id where e.status = 'cancelled'"))
                    .isEqualTo("3");
        }

        @Test
        void shouldRefuseWhenItIsDoneOrThereIsNone() {
            String id = post(NDJSON, "", ONE).path("id");
            given().post("/v1/jobs/{id}/cancel", tables.value("select id from job"))
                    .then()
                    .statusCode(200);

            for (String verb : List.of("pause", "resume", "cancel")) {
                call(id, verb).then().statusCode(409).body("detail", is("all jobs of the batch have ended"));
                call("019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d11", verb)
                        .then()
                        .statusCode(404)
                        .body("code", is("not_found"));
                call("x", verb).then().statusCode(404);
                given().post("/v1/batches/{id}/{verb}?now=1", id, verb).then().statusCode(400);
                given().get("/v1/batches/{id}/{verb}", id, verb)
                        .then()
                        .statusCode(405)
                        .header("Allow", is("POST"));
            }
        }
    }

    @Nested
    class Budget {
        private static Response patch(String id, String body) {
            return given().contentType(ContentType.JSON).body(body).patch("/v1/batches/{id}", id);
        }

        @Test
        void shouldTakeAndChangeABudget() {
            String id = post(NDJSON, "?budget_usd=0.050000", ONE)
                    .then()
                    .statusCode(202)
                    .body("cost.budget_usd", is(0.05f))
                    .extract()
                    .path("id");
            given().get("/v1/batches/{id}", id).then().body("cost.budget_usd", is(0.05f));
            patch(id, "{\"budget_usd\": 12.5}").then().statusCode(200).body("cost.budget_usd", is(12.5f));
            patch(id, "{\"budget_usd\": null}")
                    .then()
                    .statusCode(200)
                    .body("id", is(id))
                    .body("cost.budget_usd", nullValue());
            given().put("/v1/batches/{id}", id).then().statusCode(405).header("Allow", is("GET, HEAD, PATCH"));
        }

        @Test
        void shouldReleaseWhatWasHeldForItWhenItIsRaised() {
            String id = post(NDJSON, "?budget_usd=0.01", (ONE + "\n").repeat(3)).path("id");
            tables.run("""
                    update job
                    set status = 'held', hold_reason = 'budget', held_by_batch = true, dispatch_at = null, version = version + 1,
                        error_class = 'budget', error_message = 'too little', error_retryable = true
                    """);

            patch(id, "{\"budget_usd\": 0.0434}").then().statusCode(200).body("counts.held", is(3));
            while (follower.step() > 0) {}
            given().get("/v1/batches/{id}", id)
                    .then()
                    .body("counts.held", is(1))
                    .body("counts.queued", is(2));
        }

        @Test
        void shouldRefuseWhatIsNoBudget() {
            String id = post(NDJSON, "?budget_usd=3", ONE).path("id");
            for (String wrong : List.of("0", "-1", "\"5\"", "0.0000001", "10000001", "true", "{}")) {
                patch(id, "{\"budget_usd\": " + wrong + "}")
                        .then()
                        .statusCode(422)
                        .body("errors.field", contains("budget_usd"))
                        .body("errors[0].message", containsString("it must be a number above 0"));
            }
            patch(id, "{}").then().statusCode(422).body("errors[0].message", startsWith("is required"));
            patch(id, "[]").then().statusCode(422);
            patch(id, "{\"budget\": 1, \"budget_usd\": 0}")
                    .then()
                    .statusCode(422)
                    .body("errors.field", contains("budget", "budget_usd"))
                    .body("errors[0].message", is("unknown field; did you mean \"budget_usd\"?"));
            patch("019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d11", "{\"budget_usd\": 1}")
                    .then()
                    .statusCode(404);
            given().get("/v1/batches/{id}", id).then().body("cost.budget_usd", is(3));
        }

        @Test
        void shouldTellWhenItWillHaveEnded() {
            String id = post(NDJSON, "", (ONE + "\n").repeat(40)).path("id");
            tables.run("""
                    update job
                    set status = 'failed', dispatch_at = null, settled_at = now(), version = version + 1, error_class = 'internal',
                        error_message = 'x', error_retryable = false
                    where id in (select id from job order by id limit 10)
                    """);
            given().get("/v1/batches/{id}", id).then().body("eta_seconds", nullValue());
            tables.run("""
                    insert into attempt (job_id, number, status, worker_id, claimed_at, budget_day)
                    select id, 1, 'refused', id, now() - interval '10 seconds' * row_number() over (), current_date
                    from job
                    where status = 'failed'
                    """);

            given().get("/v1/batches/{id}", id)
                    .then()
                    .body("eta_seconds", both(greaterThan(299)).and(lessThan(900)));
            tables.run("update account set submits_per_minute = 1");
            given().get("/v1/batches/{id}", id).then().body("eta_seconds", is(1800));
            tables.run("update account set hold_reason = 'paused', hold_message = 'x'");
            given().get("/v1/batches/{id}", id).then().body("eta_seconds", nullValue());
        }
    }
}
