package io.wavequeue.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.wavequeue.api.media.Clips;
import io.wavequeue.wiring.WavequeueConfig;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class MediaIT {
    @Inject
    Tables tables;

    @Inject
    WavequeueConfig config;

    @TestHTTPResource
    URI server;

    @BeforeEach
    void emptyTables() {
        tables.empty();
    }

    private static Response upload(String name, byte[] content) {
        return given().multiPart("file", name, content, "application/octet-stream")
                .post("/v1/media");
    }

    private List<String> leftovers() throws IOException {
        try (Stream<Path> files = Files.list(config.dataDir().resolve("media"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("."))
                    .toList();
        }
    }

    @Test
    void shouldKeepTheClipUnderItsContentWhenItIsAudio() throws Exception {
        byte[] clip = Clips.wav(8_000, 12_000);
        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(clip));

        Response first = upload("../../etc/sword hit.wav", clip);
        Response again = upload("other.bin", clip);

        first.then()
                .statusCode(201)
                .body("audio", is("media:sha256:" + sha256))
                .body("bytes", is(clip.length))
                .body("content_type", is("audio/wav"));
        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(again.asString()).isEqualTo(first.asString());
        assertThat(config.dataDir().resolve("media").resolve(sha256)).hasBinaryContent(clip);
        assertThat(leftovers()).isEmpty();
        assertThat(tables.column("select filename || ' ' || duration_seconds from media"))
                .containsExactly("sword hit.wav 1.500000");
    }

    @Test
    void shouldBeFoundByItsContentUntilItsFileIsGone() throws IOException {
        String audio = upload("a.wav", Clips.wav(8_000, 500)).path("audio");
        String content = audio.substring("media:".length());

        given().get("/v1/media/{content}", content).then().statusCode(200).body("audio", is(audio));
        Files.delete(config.dataDir().resolve("media").resolve(content.substring("sha256:".length())));
        given().get("/v1/media/{content}", content)
                .then()
                .statusCode(404)
                .body("code", is("not_found"))
                .body("detail", containsString("POST /v1/media"));
        given().get("/v1/media/nonsense").then().statusCode(404).body("detail", containsString("nonsense"));
    }

    @Test
    void shouldBeUsableWhenItIsUploaded() {
        String audio = upload("a.flac", Clips.flac(44_100, 44_100 * 10)).path("audio");
        given().contentType("application/json")
                .body("{\"model\":\"stability-ai/stable-audio-3/audio-inpainting\",\"input\":{\"audio\":\"" + audio
                        + "\",\"prompt\":\"x\"}}")
                .post("/v1/jobs")
                .then()
                .statusCode(202)
                .body("input.audio", is(audio));
    }

    @Test
    void shouldRefuseTheFileWhenItIsNotAudio() {
        upload("song.mp3", "<html>not a song</html>".getBytes(StandardCharsets.UTF_8))
                .then()
                .statusCode(415)
                .contentType("application/problem+json")
                .body("code", is("unsupported_media_type"))
                .body("detail", containsString("WAV"));
        assertThat(tables.value("select count(*) from media")).isEqualTo("0");
    }

    @Test
    void shouldRefuseTheFileWhenItIsEmptyOrMissing() {
        upload("a.wav", new byte[0]).then().statusCode(422).body("errors[0].field", is("file"));
        given().multiPart("clip", "a.wav", Clips.wav(8_000, 10))
                .post("/v1/media")
                .then()
                .statusCode(422)
                .body("errors[0].field", is("file"));
        given().multiPart("file", "just text")
                .post("/v1/media")
                .then()
                .statusCode(422)
                .body("errors[0].field", is("file"));
    }

    @Test
    void shouldTakeAClipOfExactly50MebibytesAndRefuseOneByteMore() throws IOException {
        assertThat(uploadSilence(50 * 1024 * 1024, false)).startsWith("HTTP/1.1 201");
        assertThat(uploadSilence(50 * 1024 * 1024, true)).startsWith("HTTP/1.1 201");
        assertThat(uploadSilence(50 * 1024 * 1024 + 1, false))
                .startsWith("HTTP/1.1 413")
                .contains("too_large");
        assertThat(uploadSilence(50 * 1024 * 1024 + 1, true))
                .startsWith("HTTP/1.1 413")
                .contains("too_large");
        assertThat(leftovers()).isEmpty();
    }

    /** Sends the form piece by piece, so that the test's own memory does not count it. */
    private String uploadSilence(int bytes, boolean chunked) throws IOException {
        String head = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\n";
        String tail = "\r\n--b--\r\n";
        byte[] piece = new byte[64 * 1024];
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(latin("POST /v1/media HTTP/1.1\r\n" + new RawHttp(server).host()
                    + "\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=b\r\n"
                    + (chunked
                            ? "Transfer-Encoding: chunked"
                            : "Content-Length: " + (head.length() + bytes + tail.length()))
                    + "\r\n\r\n"));
            send(out, latin(head), chunked);
            send(out, Clips.wav(8_000, 0), chunked);
            for (int left = bytes - 44; left > 0; left -= piece.length) {
                send(out, left < piece.length ? new byte[left] : piece, chunked);
            }
            send(out, latin(tail), chunked);
            out.write(latin(chunked ? "0\r\n\r\n" : ""));
            out.flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void shouldAnswerAndThenHangUpWhenTheFormHasNoEnd() throws IOException {
        long tooMuch = 400L * 1024 * 1024;
        byte[] piece = new byte[64 * 1024];
        String answer = "";
        long sent = 0;
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(latin("POST /v1/media HTTP/1.1\r\n" + new RawHttp(server).host()
                    + "\r\nContent-Type: multipart/form-data; boundary=b\r\nTransfer-Encoding: chunked\r\n\r\n"));
            send(out, latin("--b\r\n\r\n"), true);
            for (; sent < tooMuch; sent += piece.length) {
                send(out, piece, true);
                int come = socket.getInputStream().available();
                answer += new String(socket.getInputStream().readNBytes(come), StandardCharsets.UTF_8);
            }
        } catch (SocketException hungUp) {
            assertThat(answer).startsWith("HTTP/1.1 413").contains("at most 54,525,952 bytes may be sent here");
        }
        assertThat(sent).isLessThan(tooMuch);
    }

    private static void send(OutputStream out, byte[] bytes, boolean chunked) throws IOException {
        out.write(latin(chunked ? Integer.toHexString(bytes.length) + "\r\n" : ""));
        out.write(bytes);
        out.write(latin(chunked ? "\r\n" : ""));
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void shouldRefuseTheBodyWhenItsAnnouncedLengthIsTooLarge() throws IOException {
        RawHttp http = new RawHttp(server);
        String answer = http.send("POST /v1/media HTTP/1.1\r\n" + http.host()
                + "\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 99999999999\r\n\r\n");
        assertThat(answer)
                .startsWith("HTTP/1.1 413")
                .contains("application/problem+json")
                .contains("too_large");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/form-data",
                "multipart/form-data; boundary=",
                "multipart/form-data; boundary=wrong",
                "multipart/form-data; boundary=\"",
                "multipart/form-data; boundary=b; charset=nonsense",
                "multipart/form-data; boundary=" + "\"a b\""
            })
    void shouldSayWhyWhenTheFormIsBroken(String contentType) throws IOException {
        RawHttp http = new RawHttp(server);
        String body = "--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nx";
        String answer = http.send("POST /v1/media HTTP/1.1\r\n" + http.host() + "\r\nContent-Type: " + contentType
                + "\r\nConnection: close\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
        assertThat(RawHttp.status(answer)).as(answer).isIn(400, 415, 422);
        assertThat(answer).contains("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--b--\r\n",
                "--b\r\n\r\n\r\n--b--\r\n",
                "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n",
                "--b\r\nContent-Disposition: nonsense; name=file\r\n\r\nx\r\n--b--\r\n",
                "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n",
                "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\nContent-Type: ;;\r\n\r\nx\r\n--b--\r\n",
                "--b\r\nno header at all\r\n\r\nx\r\n--b--\r\n",
                "\r\n\r\n\r\n",
                "garbage"
            })
    void shouldSayWhyWhenTheFormsPartsAreBroken(String body) throws IOException {
        RawHttp http = new RawHttp(server);
        String answer = http.send("POST /v1/media HTTP/1.1\r\n" + http.host()
                + "\r\nContent-Type: multipart/form-data; boundary=b\r\nConnection: close\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n" + body);
        assertThat(RawHttp.status(answer)).as(answer).isIn(400, 415, 422);
        assertThat(answer).contains("application/problem+json");
    }

    @Nested
    class ByUrl {
        private final byte[] clip = Clips.wav(8_000, 24_000);
        private HttpServer host;
        private String root;

        @BeforeEach
        void start() throws IOException {
            // 127.0.0.9 is what the tests' settings allow; all else on loopback is refused as ever.
            host = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.9"), 0), 0);
            host.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            host.createContext("/", call -> {
                byte[] body =
                        switch (call.getRequestURI().getPath()) {
                            case "/kit/sword%20hit.wav", "/kit/sword hit.wav" -> clip;
                            case "/page" -> "<html>not a song</html>".getBytes(StandardCharsets.UTF_8);
                            default -> new byte[0];
                        };
                boolean isLong = call.getRequestURI().getPath().equals("/long.wav");
                call.sendResponseHeaders(200, isLong ? 0 : body.length == 0 ? -1 : body.length);
                call.getResponseBody().write(isLong ? clip : body);
                for (int i = 0; isLong && i < 64; i++) {
                    call.getResponseBody().write(new byte[1024 * 1024]);
                }
                call.close();
            });
            host.start();
            root = "http://127.0.0.9:" + host.getAddress().getPort();
        }

        @AfterEach
        void stop() {
            host.stop(0);
        }

        private ValidatableResponse fetch(String body) {
            return given().contentType("application/json")
                    .body(body)
                    .post("/v1/media")
                    .then();
        }

        private ValidatableResponse fetchUrl(String url) {
            return fetch("{\"url\":\"" + url + "\"}");
        }

        @Test
        void shouldKeepTheClipAsIfItHadBeenUploaded() {
            String uploaded = upload("sword hit.wav", clip).asString();
            tables.empty();

            String fetched = fetchUrl(root + "/kit/sword%20hit.wav?token=secret")
                    .statusCode(201)
                    .extract()
                    .asString();

            assertThat(fetched).isEqualTo(uploaded);
            assertThat(tables.column("select filename || ' ' || duration_seconds from media"))
                    .containsExactly("sword hit.wav 3.000000");
        }

        @Test
        void shouldSayWhatIsWrongWithWhatTheUrlGives() throws IOException {
            fetchUrl(root + "/page?token=secret")
                    .statusCode(422)
                    .contentType("application/problem+json")
                    .body("code", is("not_fetched"))
                    .body("errors[0].field", is("url"))
                    .body(
                            "errors[0].message",
                            containsString("\"" + root + "/page?…\" gives a clip that is not audio"));
            fetchUrl(root + "/nothing").statusCode(422).body("detail", containsString("gives a clip that is empty"));
            fetchUrl(root + "/long.wav")
                    .statusCode(422)
                    .body("detail", containsString("gives a clip that may have at most 52,428,800 bytes"));
            assertThat(tables.value("select count(*) from media")).isEqualTo("0");
            assertThat(leftovers()).isEmpty();
        }

        @Test
        void shouldRefuseWhatIsInsideAndShowNoSecret() {
            fetchUrl("http://127.0.0.1:" + server.getPort() + "/v1/account?key=secret")
                    .statusCode(422)
                    .body("code", is("invalid_request"))
                    .body("errors[0].field", is("url"))
                    .body(
                            "errors[0].message",
                            is("\"http://127.0.0.1:" + server.getPort()
                                    + "/v1/account?…\" leads to a loopback address; only"
                                    + " public ones are fetched from, and what WAVEQUEUE_FETCH_ALLOW names"));
            fetchUrl("http://169.254.169.254/latest/meta-data/")
                    .statusCode(422)
                    .body("detail", containsString("leads to a link-local address"));
            fetchUrl("http://me:secret@127.0.0.9/a.wav")
                    .statusCode(422)
                    .body("detail", containsString("\"http://127.0.0.9/a.wav\" carries a user or a password"));
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "{} | is required: an http or https URL of a clip",
                    "{\"url\":7} | 7 is not allowed: an http or https URL of a clip",
                    "{\"url\":\"clip.wav\"} | is not an http or https URL",
                    "{\"url\":\"ftp://example.com/a.wav\"} | is not an http or https URL",
                    "{\"url\":\"http://a b/\"} | is not a URL",
                    "{\"url\":\"http://127.0.0.9/\",\"file\":1} | unknown field",
                    "[] | must be an object with url"
                })
        void shouldSayWhatIsWrongWithTheBody(String body, String message) {
            fetch(body).statusCode(422).body("errors[0].message", containsString(message));
        }
    }

    @Test
    void shouldDescribeBothForms() {
        given().get("/q/openapi?format=json")
                .then()
                .statusCode(200)
                .body(
                        "paths.'/v1/media'.post.requestBody.content.keySet()",
                        containsInAnyOrder("multipart/form-data", "application/json"));
    }

    @Test
    void shouldAnswer415WhenItIsNoForm() {
        given().contentType("audio/wav")
                .body(Clips.wav(8_000, 10))
                .post("/v1/media")
                .then()
                .statusCode(415)
                .contentType("application/problem+json");
    }
}
