package io.wavequeue.api;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.wavequeue.test.Servers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What every test of this module runs against: PostgreSQL behind a link that can be cut, no Kafka, and a folder. */
@QuarkusTestResource(LinkedPostgres.class)
public final class LinkedPostgres implements QuarkusTestResourceLifecycleManager {
    private static @Nullable TcpLink link;

    /** The link of this JVM's database. */
    static TcpLink link() {
        if (link == null) {
            throw new IllegalStateException("the resource has not been started");
        }
        return link;
    }

    @Override
    public Map<String, String> start() {
        try {
            String url = Servers.postgres().newDatabase();
            URI server = URI.create(url.substring("jdbc:".length()));
            link = TcpLink.to(server.getHost(), server.getPort());
            return Map.ofEntries(
                    Map.entry(
                            "quarkus.datasource.jdbc.url",
                            url.replace(server.getHost() + ":" + server.getPort(), "127.0.0.1:" + link.port())),
                    // Making a connection counts, and a busy machine takes its time.
                    Map.entry("quarkus.datasource.jdbc.acquisition-timeout", "60S"),
                    // There is no broker, and who takes all connections but one is not to meet the publisher.
                    Map.entry("wavequeue.events.enabled", "false"),
                    Map.entry(
                            "wavequeue.data-dir",
                            Files.createTempDirectory("wavequeue-api-test").toString()),
                    Map.entry("wavequeue.dispatch.enabled", "false"),
                    Map.entry("wavequeue.resolutions.enabled", "false"),
                    Map.entry("kafka.bootstrap.servers", "127.0.0.1:1"),
                    // The one address of this machine at which tests may have clips fetched; the others are refused as
                    // ever.
                    Map.entry("wavequeue.fetch.allow", "127.0.0.9"),
                    Map.entry("wavespeed.base-url", "http://127.0.0.1:1"),
                    Map.entry("wavequeue.webhook.url", "http://localhost:1/"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        link().close();
    }
}
