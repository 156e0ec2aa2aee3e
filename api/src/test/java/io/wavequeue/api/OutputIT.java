package io.wavequeue.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.wavequeue.wiring.WavequeueConfig;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class OutputIT {
    private static final UUID ID = UUID.fromString("019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d11");

    @Inject
    Tables tables;

    @Inject
    WavequeueConfig config;

    private byte[] clip = new byte[0];

    @BeforeEach
    void aSucceededJob() throws IOException {
        tables.empty();
        tables.run(
                "insert into job (id, status, model, lane, max_attempts, settled_at) values (?, 'succeeded', 'm/a', 'bulk', 3, now())",
                ID);
        tables.run("insert into job_payload (job_id, input) values (?, '{}')", ID);
        clip = new byte[300_000];
        new Random(7).nextBytes(clip);
        Path folder = Files.createDirectories(config.dataDir().resolve("outputs/01"));
        Files.write(folder.resolve("clip.mp3"), clip);
    }

    private void archived(int number, String file, @Nullable String contentType, long bytes) {
        tables.run("""
                insert into output (job_id, number, attempt, url, file, content_type, bytes, sha256, archived_at)
                values (?, ?, 1, 'http://p/x', ?, ?, ?, 'abc123', now())
                """, ID, number, file, contentType, bytes);
    }

    private static Response get(Object number) {
        return given().get("/v1/jobs/{id}/outputs/{n}", ID, number);
    }

    @Test
    void shouldSendTheWholeFileWhenItIsArchived() {
        archived(0, "01/clip.mp3", "audio/mpeg", clip.length);
        Response answer = get(0);
        answer.then()
                .statusCode(200)
                .contentType("audio/mpeg")
                .header("Content-Length", "300000")
                .header("ETag", "\"abc123\"");
        assertThat(answer.asByteArray()).isEqualTo(clip);
    }

    @Test
    void shouldTellTheLengthWhenOnlyTheHeadIsAskedFor() {
        archived(0, "01/clip.mp3", "audio/mpeg", clip.length);
        given().head("/v1/jobs/{id}/outputs/0", ID)
                .then()
                .statusCode(200)
                .header("Content-Length", "300000")
                .header("ETag", "\"abc123\"");
    }

    @Test
    void shouldSendNothingWhenTheCallerHasTheFile() {
        archived(0, "01/clip.mp3", "audio/mpeg", clip.length);
        given().header("If-None-Match", "\"abc123\"")
                .get("/v1/jobs/{id}/outputs/0", ID)
                .then()
                .statusCode(304)
                .header("ETag", "\"abc123\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "audio/mpeg; x=\"\r\nSet-Cookie: a\"", "garbage", ""})
    void shouldSendPlainBytesWhenTheProvidersTypeIsNotAudio(String told) {
        archived(0, "01/clip.mp3", told, clip.length);
        get(0).then()
                .statusCode(200)
                .contentType("application/octet-stream")
                .header("X-Content-Type-Options", "nosniff");
    }

    @Test
    void shouldSendPlainBytesWhenTheProviderToldNoType() {
        archived(0, "01/clip.mp3", null, clip.length);
        get(0).then().statusCode(200).contentType("application/octet-stream");
    }

    @Test
    void shouldAnswerNotArchivedWhenTheFileIsStillToBeFetched() {
        tables.run(
                "insert into output (job_id, number, attempt, url, archive_at) values (?, 0, 1, 'http://p/x', now())",
                ID);
        get(0).then()
                .statusCode(409)
                .contentType("application/problem+json")
                .header("Retry-After", notNullValue())
                .body("type", is("urn:wavequeue:problem:not_archived"))
                .body("code", is("not_archived"));
    }

    @Test
    void shouldSayThatItIsLostWhenTheProviderHasDeletedIt() {
        tables.run("""
                insert into output (job_id, number, attempt, url, error, lost_at)
                values (?, 0, 1, 'http://p/x', 'the download was answered with 404', '2026-01-31T18:30:00Z')
                """, ID);
        get(0).then()
                .statusCode(410)
                .body("code", is("file_gone"))
                .body(
                        "detail",
                        is("the output was lost at 2026-01-31T18:30:00Z: the provider keeps it no longer, and it could"
                                + " not be fetched before (the download was answered with 404)"));
        given().get("/v1/jobs/{id}", ID)
                .then()
                .body("outputs[0].lost_at", is("2026-01-31T18:30:00Z"))
                .body("outputs[0].error", is("the download was answered with 404"));
    }

    @Test
    void shouldAnswerNotArchivedWhenTheJobIsStillUnderWay() {
        tables.run(
                "update job set status = 'queued', settled_at = null, dispatch_at = now(), version = version + 1 where id = ?",
                ID);
        get(0).then().statusCode(409).body("code", is("not_archived")).header("Retry-After", notNullValue());
    }

    @Test
    void shouldCountLateOutputsAfterThoseOfTheResult() {
        archived(1_000, "01/lost.mp3", "audio/mpeg", 5);
        get(0).then().statusCode(410);

        archived(0, "01/clip.mp3", "audio/mpeg", clip.length);

        get(0).then().statusCode(200);
        get(1).then().statusCode(410);
        get(2).then().statusCode(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "-1", "x", "99999999999", "0x0"})
    void shouldAnswer404WhenThereIsNoSuchOutput(String number) {
        archived(0, "01/clip.mp3", "audio/mpeg", clip.length);
        get(number)
                .then()
                .statusCode(404)
                .contentType("application/problem+json")
                .body("code", is("not_found"));
    }

    @Test
    void shouldAnswer404WhenThereIsNoSuchJob() {
        given().get("/v1/jobs/{id}/outputs/0", UUID.randomUUID())
                .then()
                .statusCode(404)
                .body("code", is("not_found"));
        given().get("/v1/jobs/x/outputs/0").then().statusCode(404).body("code", is("not_found"));
    }

    @Test
    void shouldAnswer410WhenTheFileIsGone() {
        archived(0, "01/lost.mp3", "audio/mpeg", 5);
        get(0).then().statusCode(410).contentType("application/problem+json").body("code", is("file_gone"));
    }

    @Test
    void shouldAnswer410WhenTheFileIsCutShort() {
        archived(0, "01/clip.mp3", "audio/mpeg", clip.length + 1);
        get(0).then().statusCode(410).body("code", is("file_gone"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../secret.txt", "01/../../secret.txt", "/etc/hostname", "link/secret.txt", "", "."})
    void shouldStayInTheFolderWhenAPathLeadsOut(String file) throws IOException {
        Path secret = Files.writeString(config.dataDir().resolve("secret.txt"), "s");
        Path link = config.dataDir().resolve("outputs/link");
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, secret.getParent());
        archived(0, file, "audio/mpeg", 1);
        get(0).then().statusCode(410).body("code", is("file_gone"));
    }
}
