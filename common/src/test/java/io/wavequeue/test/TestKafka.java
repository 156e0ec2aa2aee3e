package io.wavequeue.test;

import io.wavequeue.local.KafkaServerProcess;
import io.wavequeue.local.Ports;
import java.nio.file.Path;
import org.testcontainers.kafka.KafkaContainer;

/** A Kafka broker of the client's version. */
public final class TestKafka {
    private static final String IMAGE = "apache/kafka:4.1.1";

    private final String bootstrapServers;

    private TestKafka(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    static TestKafka start(boolean docker) {
        return docker ? container() : embedded();
    }

    private static TestKafka container() {
        KafkaContainer container = new KafkaContainer(IMAGE).withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false");
        container.start();
        Runtime.getRuntime().addShutdownHook(new Thread(container::stop));
        return new TestKafka(container.getBootstrapServers());
    }

    private static TestKafka embedded() {
        Path folder = TestFolder.create("kafka");
        KafkaServerProcess server = KafkaServerProcess.start(folder, Ports.free());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.stop();
            TestFolder.delete(folder);
        }));
        return new TestKafka(server.bootstrapServers());
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }
}
