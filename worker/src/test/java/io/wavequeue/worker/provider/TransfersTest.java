package io.wavequeue.worker.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.smallrye.config.SmallRyeConfig;
import io.wavequeue.fetch.FetchGuard;
import io.wavequeue.wiring.ProviderConfig;
import io.wavequeue.worker.run.WorkerConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the provider names as an output's address. 127.0.0.9 is allowed here and stands for a host out there. */
class TransfersTest {
    @TempDir
    private Path folder;

    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());
    private HttpServer server;
    private int port;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress("0.0.0.0", 0), 0);
        port = server.getAddress().getPort();
        server.createContext("/", call -> {
            String path = call.getRequestURI().getPath();
            seen.add(call.getRequestHeaders().getFirst("Host") + path);
            String location =
                    switch (path) {
                        case "/moved" -> "/a.wav";
                        case "/inside" -> "http://127.0.0.1:" + port + "/a.wav";
                        case "/round" -> "/round";
                        case "/file" -> "file:///etc/passwd";
                        default -> "";
                    };
            if (!location.isEmpty()) {
                call.getResponseHeaders().set("Location", location);
            }
            call.sendResponseHeaders(location.isEmpty() ? 200 : 302, location.isEmpty() ? 4 : -1);
            if (location.isEmpty()) {
                call.getResponseBody().write(new byte[4]);
            }
            call.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private Transfers transfers(String provider) {
        SmallRyeConfig config = Providers.config(URI.create(provider), Map.of());
        FetchGuard guard = new FetchGuard(
                host -> List.of(InetAddress.getByName(host.equals("api.provider.test") ? "93.184.216.34" : host)),
                List.of("127.0.0.9"));
        return new Transfers(
                config.getConfigMapping(WorkerConfig.class), guard, config.getConfigMapping(ProviderConfig.class));
    }

    private Transfers.Download download(Transfers transfers, String url) throws IOException, InterruptedException {
        return transfers.download(URI.create(url), folder.resolve("part"));
    }

    @Test
    void shouldFollowTheProviderOutThereAndNotInside() throws Exception {
        Transfers transfers = transfers("https://api.provider.test");

        assertThat(download(transfers, "http://127.0.0.9:" + port + "/moved").bytes())
                .isEqualTo(4);
        for (String url : List.of("http://127.0.0.1:" + port + "/a.wav", "http://127.0.0.9:" + port + "/inside")) {
            assertThatThrownBy(() -> download(transfers, url))
                    .isInstanceOf(IOException.class)
                    .hasMessage("the provider's address for a clip leads to no public host");
        }
        assertThat(seen).allMatch(call -> call.startsWith("127.0.0.9:"));
    }

    @Test
    void shouldGoWhereAProviderInsideSays() throws Exception {
        Transfers transfers = transfers("http://127.0.0.1:" + port);

        assertThat(download(transfers, "http://127.0.0.9:" + port + "/inside").bytes())
                .isEqualTo(4);
    }

    @Test
    void shouldPutAFileWhereARedirectSaysAndNotInside() throws Exception {
        Transfers transfers = transfers("https://api.provider.test");
        Path file = Files.write(folder.resolve("clip"), new byte[100]);
        URI there = URI.create("http://127.0.0.9:" + port + "/moved");

        transfers.upload(new UploadTicket(there, Map.of("x-kept", "1"), "https://cdn.test/a"), file);

        assertThat(seen).containsExactly("127.0.0.9:" + port + "/moved", "127.0.0.9:" + port + "/a.wav");
        assertThatThrownBy(() -> transfers.upload(
                        new UploadTicket(there.resolve("/inside"), Map.of(), "https://cdn.test/a"), file))
                .hasMessage("the provider's address for a clip leads to no public host");
    }

    @Test
    void shouldEndWhenARedirectLeadsNowhere() {
        Transfers transfers = transfers("http://127.0.0.1:" + port);

        assertThatThrownBy(() -> download(transfers, "http://127.0.0.9:" + port + "/round"))
                .hasMessage("the transfer was redirected more than 5 times");
        assertThatThrownBy(() -> download(transfers, "http://127.0.0.9:" + port + "/file"))
                .hasMessage("the transfer was redirected to file");
    }
}
