package io.wavequeue.worker.provider;

import static io.wavequeue.test.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.is;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.http.HttpVersion;
import io.wavequeue.local.Ports;
import io.wavequeue.worker.run.Stopwatch;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The provider's host gets another address while its connections are in use. Two servers, two addresses, one name. */
class MovedHostTest {
    private static final String BEFORE = "127.0.0.1";
    private static final String AFTER = "127.0.0.2";
    private static final String USE_THE_JVMS_RESOLVER = "vertx.disableDnsResolver";

    @TempDir
    private Path folder;

    private Vertx vertx;
    private CountingServer before;
    private CountingServer after;
    private final AtomicLong now = new AtomicLong();

    private void start() throws IOException {
        before = new CountingServer(InetAddress.getByName(BEFORE), Ports.free());
        after = new CountingServer(InetAddress.getByName(AFTER), before.port());
    }

    /** Names come from a file that is read anew. Quarkus, in other tests of this JVM, turns Vert.x' own resolver off. */
    @BeforeEach
    void startVertx() throws IOException {
        nameIsAt(BEFORE);
        String usual = System.clearProperty(USE_THE_JVMS_RESOLVER);
        vertx = Vertx.vertx(new VertxOptions()
                .setAddressResolverOptions(new AddressResolverOptions()
                        .setHostsPath(folder.resolve("hosts").toString())
                        .setHostsRefreshPeriod(1)));
        if (usual != null) {
            System.setProperty(USE_THE_JVMS_RESOLVER, usual);
        }
    }

    @AfterEach
    void stop() {
        vertx.close();
        before.close();
        after.close();
    }

    private void nameIsAt(String address) throws IOException {
        Path next = Files.writeString(folder.resolve("next"), address + " provider.test\n");
        Files.move(next, folder.resolve("hosts"), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private WaveSpeed provider(Map<String, String> timeouts) {
        Map<String, String> settings = new HashMap<>(timeouts);
        settings.put("submit-connections", "1");
        settings.put("poll-connections", "1");
        return Providers.of(
                vertx,
                URI.create("http://provider.test:" + before.port()),
                HttpVersion.HTTP_1_1,
                new Stopwatch(() -> Instant.EPOCH, now::get),
                settings);
    }

    private static SubmitAnswer submit(WaveSpeed provider) throws InterruptedException {
        return provider.submit("a/model", "{}", null, () -> true);
    }

    @Test
    void shouldGoToTheNewAddressOnceItsConnectionsAreOldEnough() throws Exception {
        start();
        WaveSpeed provider = provider(Map.of());
        await().pollInSameThread().until(() -> provider.look("abcd1234") instanceof Prediction.Open);
        await().pollInSameThread().until(() -> submit(provider) instanceof SubmitAnswer.Accepted);
        nameIsAt(AFTER);
        int connections = before.connections();
        for (int i = 0; i < 3; i++) {
            assertThat(provider.look("abcd1234")).isInstanceOf(Prediction.Open.class);
            assertThat(submit(provider)).isInstanceOf(SubmitAnswer.Accepted.class);
        }
        assertThat(before.connections()).as("kept in use").isEqualTo(connections);
        assertThat(after.requests()).isZero();

        int requests = before.requests();
        AtomicLong calls = new AtomicLong();
        await().pollInSameThread().until(() -> {
            now.addAndGet(Duration.ofMinutes(2).toNanos());
            assertThat(provider.look("abcd1234")).isInstanceOf(Prediction.Open.class);
            assertThat(submit(provider)).isInstanceOf(SubmitAnswer.Accepted.class);
            calls.addAndGet(2);
            return after.lines().stream().anyMatch(line -> line.startsWith("GET "))
                    && after.lines().stream().anyMatch(line -> line.startsWith("POST "));
        });

        assertThat(before.requests() + after.requests())
                .as("each call arrived once, over the change too")
                .isEqualTo(requests + (int) calls.get());
    }

    @Test
    void shouldLoseOneCallPerDeadConnectionAndSendNoSubmitAgainWhenTheOldAddressFallsSilent() throws Exception {
        start();
        WaveSpeed provider = provider(Map.of("submit-timeout", "4S", "poll-timeout", "4S"));
        await().pollInSameThread().until(() -> provider.look("abcd1234") instanceof Prediction.Open);
        await().pollInSameThread().until(() -> submit(provider) instanceof SubmitAnswer.Accepted);
        int answered = before.requests();
        before.fallSilent();
        nameIsAt(AFTER);

        assertThat(submit(provider)).isInstanceOf(SubmitAnswer.Uncertain.class);
        assertThat(provider.look("abcd1234")).isInstanceOf(Prediction.Unreadable.class);
        await().until(before::requests, is(answered + 2));
        assertThat(after.requests()).as("nothing was sent again").isZero();

        assertThat(submit(provider)).isInstanceOf(SubmitAnswer.Accepted.class);
        assertThat(provider.look("abcd1234")).isInstanceOf(Prediction.Open.class);
        assertThat(before.requests()).isEqualTo(answered + 2);
        assertThat(after.requests()).isEqualTo(2);
    }
}
