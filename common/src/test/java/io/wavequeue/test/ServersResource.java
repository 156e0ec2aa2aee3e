package io.wavequeue.test;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.HashMap;
import java.util.Map;

/** Gives a {@code @QuarkusTest} a database of its own and, unless {@code kafka=false}, the JVM's broker. */
public final class ServersResource implements QuarkusTestResourceLifecycleManager {
    private boolean kafka = true;

    @Override
    public void init(Map<String, String> arguments) {
        kafka = Boolean.parseBoolean(arguments.getOrDefault("kafka", "true"));
    }

    @Override
    public Map<String, String> start() {
        Map<String, String> config = new HashMap<>();
        config.put("quarkus.datasource.jdbc.url", Servers.postgres().newDatabase());
        // Making a connection counts, and a busy machine takes its time.
        config.put("quarkus.datasource.jdbc.acquisition-timeout", "60S");
        config.put("wavequeue.dispatch.enabled", Boolean.toString(kafka));
        config.put("wavequeue.events.enabled", Boolean.toString(kafka));
        config.put("wavequeue.resolutions.enabled", Boolean.toString(kafka));
        // Without a broker nothing may wait for one: nobody listens there.
        config.put("kafka.bootstrap.servers", kafka ? Servers.kafka().bootstrapServers() : "127.0.0.1:1");
        // Tests delete topics: what was sent to the old one is given up sooner.
        config.put("mp.messaging.outgoing.jobs-out.request.timeout.ms", "3000");
        config.put("mp.messaging.outgoing.jobs-out.delivery.timeout.ms", "4000");
        return config;
    }

    @Override
    public void stop() {
        // The servers live as long as the JVM.
    }
}
