package io.wavequeue.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.local.supervise.Pids;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KafkaServerIT {
    private static final String TOPIC = "kept";

    @TempDir
    private Path folder;

    @Test
    void shouldKeepTopicsAndRecordsWhenStoppedOrKilled() throws Exception {
        int port = Ports.free();
        try (var server = KafkaServerProcess.start(folder, port)) {
            try (var admin = Admin.create(Map.<String, Object>of("bootstrap.servers", server.bootstrapServers()))) {
                admin.createTopics(List.of(new NewTopic(TOPIC, 3, (short) 1)))
                        .all()
                        .get();
            }
            send(server, "first");
            server.kill();
            assertThat(Pids.isAlive(server.pid())).isFalse();

            server.restart();
            send(server, "second");
        }
        try (var server = KafkaServerProcess.start(folder, port)) {
            assertThat(Pids.isAlive(server.pid())).isTrue();
            assertThat(received(server, 2)).containsExactlyInAnyOrder("first", "second");
        }
    }

    @Test
    void shouldTakeEveryCompressionThatAProducerMayUse() throws Exception {
        try (var server = KafkaServerProcess.start(folder, Ports.free())) {
            try (var admin = Admin.create(Map.<String, Object>of("bootstrap.servers", server.bootstrapServers()))) {
                admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1)))
                        .all()
                        .get();
            }
            for (var compression : CompressionType.values()) {
                send(server, "by " + compression.name, compression);
            }
            assertThat(received(server, CompressionType.values().length)).hasSize(CompressionType.values().length);
        }
    }

    private static void send(KafkaServerProcess server, String value) throws Exception {
        send(server, value, CompressionType.NONE);
    }

    private static void send(KafkaServerProcess server, String value, CompressionType compression) throws Exception {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", server.bootstrapServers(), "acks", "all", "compression.type", compression.name);
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(TOPIC, value)).get();
        }
    }

    private static List<String> received(KafkaServerProcess server, int count) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", server.bootstrapServers(), "group.id", "test", "auto.offset.reset", "earliest");
        var values = new ArrayList<String>();
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(TOPIC));
            for (int i = 0; i < 60 && values.size() < count; i++) {
                consumer.poll(Duration.ofSeconds(1)).forEach(record -> values.add(record.value()));
            }
        }
        return values;
    }
}
