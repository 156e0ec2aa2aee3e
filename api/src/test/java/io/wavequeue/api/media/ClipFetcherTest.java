package io.wavequeue.api.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import io.wavequeue.fetch.FetchGuard;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real servers on loopback, under names that only this test's resolver knows: whoever asked another one would not find them. */
class ClipFetcherTest {
    private static final String PASSWORD = "changeit";
    private static final byte[] CLIP = Clips.wav(8_000, 100_000);

    private final Vertx vertx = Vertx.vertx();
    private final CountDownLatch over = new CountDownLatch(1);
    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private HttpServer server;
    private String root;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
        root = "http://clips.test:" + server.getAddress().getPort();
    }

    @AfterEach
    void stop() {
        over.countDown();
        server.stop(0);
        vertx.close();
    }

    private void answer(HttpExchange call) throws IOException {
        seen.add(call.getRequestHeaders().getFirst("Host") + call.getRequestURI());
        String path = call.getRequestURI().getPath();
        switch (path) {
            case "/a.wav" -> send(call, 200, CLIP);
            case "/gone" -> send(call, 404, new byte[0]);
            case "/again" -> redirect(call, "/a.wav?second=1");
            case "/round" -> redirect(call, "/round");
            case "/inside" ->
                redirect(call, "http://127.0.0.1:" + server.getAddress().getPort() + "/a.wav");
            case "/named-inside" -> redirect(call, "http://inside.test/a.wav");
            case "/file" -> redirect(call, "file:///etc/passwd");
            case "/broken" -> redirect(call, "http://[");
            case "/nowhere" -> call.sendResponseHeaders(302, -1);
            case "/silent" -> waitForTheEnd();
            case "/slow" -> {
                call.sendResponseHeaders(200, CLIP.length);
                call.getResponseBody().write(CLIP, 0, 1_000);
                call.getResponseBody().flush();
                waitForTheEnd();
            }
            case "/cut" -> {
                call.sendResponseHeaders(200, CLIP.length);
                call.getResponseBody().write(CLIP, 0, 1_000);
                call.getResponseBody().flush();
                throw new IOException("cut");
            }
            case "/endless" -> {
                call.sendResponseHeaders(200, 0);
                while (true) {
                    call.getResponseBody().write(CLIP);
                }
            }
            default -> throw new AssertionError(path);
        }
        call.close();
    }

    private static void send(HttpExchange call, int status, byte[] body) throws IOException {
        call.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        call.getResponseBody().write(body);
    }

    private static void redirect(HttpExchange call, String to) throws IOException {
        call.getResponseHeaders().set("Location", to);
        call.sendResponseHeaders(302, -1);
    }

    private void waitForTheEnd() throws IOException {
        try {
            over.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            throw new IOException(interrupted);
        }
    }

    private List<InetAddress> resolve(String host) throws UnknownHostException {
        asked.add(host);
        return switch (host) {
            case "clips.test", "other.test" -> List.of(InetAddress.getByName("127.0.0.1"));
            case "inside.test" -> List.of(InetAddress.getByName("10.1.2.3"));
            default -> {
                if (host.endsWith(".test")) {
                    throw new UnknownHostException(host);
                }
                yield List.of(InetAddress.getByName(host));
            }
        };
    }

    private ClipFetcher fetcher(HttpClientOptions options) {
        return fetcher(options, Duration.ofSeconds(20));
    }

    private ClipFetcher fetcher(HttpClientOptions options, Duration timeout) {
        FetchGuard guard = new FetchGuard(this::resolve, List.of("clips.test", "other.test"));
        return new ClipFetcher(vertx, guard, timeout, 4, options);
    }

    private byte[] fetch(String url) throws IOException, InterruptedException {
        return fetch(fetcher(new HttpClientOptions()), url);
    }

    private static byte[] fetch(ClipFetcher fetcher, String url) throws IOException, InterruptedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        fetcher.fetch(URI.create(url), out);
        return out.toByteArray();
    }

    @Test
    void shouldGoToTheAddressThatWasCheckedUnderTheUrlsName() throws Exception {
        String url = root + "/a.wav?take=2";

        assertThat(fetch(url)).isEqualTo(CLIP);

        assertThat(asked).as("the name was asked for once").containsExactly("clips.test");
        assertThat(seen).containsExactly(url.substring("http://".length()));
    }

    @Test
    void shouldFollowARedirectAndCheckItAnew() throws Exception {
        assertThat(fetch(root + "/again")).isEqualTo(CLIP);

        assertThat(asked).hasSize(2);
        assertThat(seen).last().asString().endsWith("/a.wav?second=1");
    }

    @ParameterizedTest
    @CsvSource({
        "/inside, true, redirects to a URL that leads to a loopback address",
        "/named-inside, true, redirects to a URL that leads to a private address",
        "/file, true, redirects to a URL that is not an http or https URL",
        "/broken, false, redirects to what is no URL",
        "/nowhere, false, redirects to nowhere",
        "/round, false, redirects more than 5 times",
        "/gone, false, was answered with 404",
        "/cut, false, broke off",
        "/silent, false, was not fetched within 1 s",
        "/slow, false, was not fetched within 1 s"
    })
    void shouldSayWhyThereIsNothing(String path, boolean refused, String reason) {
        // Only where nobody answers is the time what ends it.
        Duration timeout = Duration.ofSeconds(reason.contains("within") ? 1 : 20);
        ClipFetcher fetcher = fetcher(new HttpClientOptions(), timeout);

        FetchFailedException failed =
                catchThrowableOfType(FetchFailedException.class, () -> fetch(fetcher, root + path));

        assertThat(failed).hasMessageStartingWith(reason);
        assertThat(failed.isRefused()).isEqualTo(refused);
        assertThat(seen).as("nothing but the allowed name was called").allMatch(host -> host.startsWith("clips.test"));
    }

    @Test
    void shouldSayThatNobodyAnswers() throws Exception {
        server.stop(0);

        assertThatThrownBy(() -> fetch(root + "/a.wav")).hasMessageStartingWith("cannot be reached");
        assertThatThrownBy(() -> fetch("http://nowhere.test/a.wav"))
                .isInstanceOf(FetchFailedException.class)
                .hasMessage("names a host that cannot be found");
    }

    @Test
    void shouldEndAtOnceWhenNoMoreIsWanted() {
        OutputStream full = new OutputStream() {
            private int left = 1_000_000;

            @Override
            public void write(int b) throws IOException {
                throw new IOException("byte by byte");
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                left -= length;
                if (left < 0) {
                    throw new IOException("full");
                }
            }
        };

        assertThatThrownBy(() -> fetcher(new HttpClientOptions()).fetch(URI.create(root + "/endless"), full))
                .hasMessage("full");
    }

    @Test
    void shouldAskForTheNamesCertificateWhenItIsHttps(@TempDir Path folder) throws Exception {
        PfxOptions keys = keys(folder, "clips.test");
        int port = vertx.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setSni(true)
                        .setKeyCertOptions(keys)
                        .setHost("127.0.0.1"))
                .requestHandler(call -> call.response()
                        .end(call.authority() + " " + call.connection().indicatedServerName()))
                .listen(0)
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS)
                .actualPort();
        ClipFetcher trusting = fetcher(new HttpClientOptions().setTrustOptions(keys));

        assertThat(fetch(trusting, "https://clips.test:" + port + "/"))
                .asString()
                .isEqualTo("clips.test:" + port + " clips.test");
        assertThatThrownBy(() -> fetch(trusting, "https://other.test:" + port + "/"))
                .hasMessageStartingWith("cannot be reached (SSLHandshakeException)");
        assertThatThrownBy(() -> fetch("https://clips.test:" + port + "/"))
                .hasMessageStartingWith("cannot be reached (SSLHandshakeException)");
    }

    private static PfxOptions keys(Path folder, String name) throws IOException, InterruptedException {
        Path file = folder.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "a",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=dns:" + name,
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .start();
        assertThat(new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isNotNull();
        assertThat(keytool.waitFor()).isZero();
        return new PfxOptions().setPath(file.toString()).setPassword(PASSWORD);
    }
}
