package io.wavequeue.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A Kafka of one node, broker and controller, in this JVM: {@code <folder> <port> <controller port> [<parent's pid>]}.
 *
 * <p>It uses classes of the broker that are not public, so it moves with the broker's version only.
 */
public final class KafkaServer {
    static final String READY = "kafka ready on 127.0.0.1:";
    private static final int NODE = 1;

    private KafkaServer() {}

    /** Runs until SIGTERM, or until the parent is gone where one is named. */
    public static void main(String[] arguments) throws Exception {
        var folder = Path.of(arguments[0]);
        int port = Integer.parseInt(arguments[1]);
        format(folder);
        var config = KafkaConfig.fromProps(properties(folder, port, Integer.parseInt(arguments[2])));
        var server = new KafkaRaftServer(config, Time.SYSTEM);
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown, "stop-kafka"));
        if (arguments.length > 3) {
            endWith(Long.parseLong(arguments[3]));
        }
        server.startup();
        System.out.println(READY + port);
        server.awaitShutdown();
    }

    private static void endWith(long parent) {
        Thread.ofVirtual().name("parent").start(() -> {
            ProcessHandle.of(parent).ifPresent(process -> process.onExit().join());
            System.exit(0);
        });
    }

    private static void format(Path folder) throws Exception {
        if (Files.exists(folder.resolve("meta.properties"))) {
            return;
        }
        Files.createDirectories(folder);
        new Formatter()
                .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                .setClusterId(Uuid.randomUuid().toString())
                .setNodeId(NODE)
                .setReleaseVersion(MetadataVersion.latestProduction())
                .setControllerListenerName("CONTROLLER")
                .setMetadataLogDirectory(folder.toString())
                .setDirectories(List.of(folder.toString()))
                .setIgnoreFormatted(true)
                .run();
    }

    private static Properties properties(Path folder, int port, int controllerPort) {
        var properties = new Properties();
        properties.putAll(Map.of(
                "process.roles",
                "broker,controller",
                "node.id",
                Integer.toString(NODE),
                "controller.quorum.voters",
                NODE + "@127.0.0.1:" + controllerPort,
                "controller.listener.names",
                "CONTROLLER",
                "listeners",
                "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort,
                "advertised.listeners",
                "PLAINTEXT://127.0.0.1:" + port,
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
                "log.dirs",
                folder.toString(),
                "auto.create.topics.enable",
                "false",
                "group.initial.rebalance.delay.ms",
                "0"));
        properties.putAll(Map.of(
                "default.replication.factor", "1",
                "offsets.topic.replication.factor", "1",
                "offsets.topic.num.partitions", "4",
                "transaction.state.log.replication.factor", "1",
                "transaction.state.log.min.isr", "1",
                "transaction.state.log.num.partitions", "1",
                "share.coordinator.state.topic.replication.factor", "1",
                "share.coordinator.state.topic.min.isr", "1",
                "share.coordinator.state.topic.num.partitions", "1"));
        // One machine and a small heap: fewer threads, and 8 MiB to compact with instead of 128.
        properties.putAll(Map.of(
                "num.network.threads", "2",
                "num.io.threads", "4",
                "background.threads", "4",
                // A broker that was killed is waited out when it comes back: 3 s instead of 9.
                "broker.session.timeout.ms", "3000",
                "broker.heartbeat.interval.ms", "500",
                "log.cleaner.dedupe.buffer.size", Integer.toString(8 << 20)));
        return properties;
    }
}
