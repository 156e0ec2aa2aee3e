package io.wavequeue.worker.archive;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.wavequeue.store.ArchiveStore.ArchivedFile;
import io.wavequeue.store.ArchiveStore.DueOutput;
import io.wavequeue.store.ArchiveStore.Owner;
import io.wavequeue.test.ServersResource;
import io.wavequeue.wiring.WavequeueConfig;
import io.wavequeue.worker.SimulatorResource;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(value = ServersResource.class, initArgs = @ResourceArg(name = "kafka", value = "true"))
@QuarkusTestResource(SimulatorResource.class)
class OutputFilesIT {
    private static final UUID JOB = UUID.fromString("019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d11");

    @Inject
    OutputFiles files;

    @Inject
    WavequeueConfig config;

    private HttpServer provider;

    /** Answers with its path. */
    @BeforeEach
    void serve() throws IOException {
        provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        provider.createContext("/", exchange -> {
            byte[] body = exchange.getRequestURI().getPath().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        provider.start();
    }

    @AfterEach
    void stop() {
        provider.stop(0);
    }

    private ArchivedFile fetch(int attempt, String path) throws IOException, InterruptedException {
        String url = "http://127.0.0.1:" + provider.getAddress().getPort() + path;
        return files.fetch(new DueOutput(attempt, new Owner.OfJob(JOB, attempt), 0, url, 1, null));
    }

    private Path at(ArchivedFile file) {
        return config.dataDir().resolve("outputs").resolve(file.file());
    }

    @Test
    void shouldKeepTheClipOfAnEarlierAttemptWhenAReplayMakesAnotherOnTheSameDay() throws Exception {
        ArchivedFile first = fetch(1, "/first.wav");
        ArchivedFile second = fetch(2, "/second.wav");

        assertThat(at(first)).hasContent("/first.wav").hasFileName(JOB + "_0.wav");
        assertThat(at(second)).hasContent("/second.wav").hasFileName(JOB + "-2_0.wav");
    }
}
