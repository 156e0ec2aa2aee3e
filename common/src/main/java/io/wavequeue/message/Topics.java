package io.wavequeue.message;

import io.wavequeue.job.Lane;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Names of the topics, and their making: at the start, and again when somebody deleted them. */
@ApplicationScoped
public class Topics {
    public static final String DEAD_LETTERS = "wavequeue.dead-letters";
    public static final String EVENTS = "wavequeue.events";

    /** Enough for a dozen workers to share a lane. */
    private static final int PARTITIONS = 12;

    private static final Duration PATIENCE = Duration.ofSeconds(8);

    private final String bootstrapServers;
    private final Duration patience;
    private @Nullable Admin admin;

    @Inject
    Topics(@ConfigProperty(name = "kafka.bootstrap.servers") String bootstrapServers) {
        this(bootstrapServers, PATIENCE);
    }

    /** @param patience after which a broker that does not answer is away; 5 s at least */
    public Topics(String bootstrapServers, Duration patience) {
        this.bootstrapServers = bootstrapServers;
        this.patience = patience;
    }

    /** The topic of a lane's jobs. */
    public static String of(Lane lane) {
        return "wavequeue.jobs." + lane.code();
    }

    /**
     * Makes the topics that are missing.
     *
     * @return the names of those that were made
     * @throws KafkaAwayException when the broker does not answer
     */
    public synchronized Set<String> ensure() {
        try {
            Set<String> there = answer(admin().listTopics().names());
            List<NewTopic> missing = wanted().stream()
                    .filter(topic -> !there.contains(topic.name()))
                    .toList();
            Set<String> made = new HashSet<>();
            for (NewTopic topic : missing) {
                if (create(topic)) {
                    made.add(topic.name());
                }
            }
            return made;
        } catch (ExecutionException | TimeoutException failure) {
            throw new KafkaAwayException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new KafkaAwayException(interrupted);
        }
    }

    /** The broker's ids of the topics that others read: a topic that was deleted and made again has another one. */
    public record OutgoingIds(String events, String deadLetters) {}

    /**
     * Looks up the topics that others read, and makes them when they are missing.
     *
     * @throws KafkaAwayException when the broker does not answer
     */
    public synchronized OutgoingIds outgoing() {
        try {
            try {
                return describe();
            } catch (ExecutionException failure) {
                if (!(failure.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw failure;
                }
            }
            for (NewTopic topic : wanted()) {
                if (topic.name().equals(EVENTS) || topic.name().equals(DEAD_LETTERS)) {
                    create(topic);
                }
            }
            return describe();
        } catch (ExecutionException | TimeoutException failure) {
            throw new KafkaAwayException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new KafkaAwayException(interrupted);
        }
    }

    private OutgoingIds describe() throws ExecutionException, InterruptedException, TimeoutException {
        Map<String, TopicDescription> topics =
                answer(admin().describeTopics(List.of(EVENTS, DEAD_LETTERS)).allTopicNames());
        return new OutgoingIds(id(topics, EVENTS), id(topics, DEAD_LETTERS));
    }

    /** The client gives up by itself; this is for one that does not. */
    private <T> T answer(KafkaFuture<T> asked) throws ExecutionException, InterruptedException, TimeoutException {
        return asked.get(patience.plusSeconds(2).toMillis(), TimeUnit.MILLISECONDS);
    }

    private static String id(Map<String, TopicDescription> topics, String name) {
        return Objects.requireNonNull(topics.get(name)).topicId().toString();
    }

    private boolean create(NewTopic topic) throws ExecutionException, InterruptedException, TimeoutException {
        try {
            answer(admin().createTopics(List.of(topic)).all());
            return true;
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof TopicExistsException) {
                return false;
            }
            throw failure;
        }
    }

    /** Replication is the broker's own default, since only its operators know how many brokers there are. */
    static List<NewTopic> wanted() {
        Map<String, String> jobs = Map.of(TopicConfig.RETENTION_MS_CONFIG, millis(Duration.ofDays(1)));
        return List.of(
                topic(of(Lane.INTERACTIVE), jobs),
                topic(of(Lane.BULK), jobs),
                topic(
                        DEAD_LETTERS,
                        Map.of(
                                TopicConfig.CLEANUP_POLICY_CONFIG,
                                TopicConfig.CLEANUP_POLICY_COMPACT,
                                TopicConfig.RETENTION_MS_CONFIG,
                                "-1")),
                topic(
                        EVENTS,
                        Map.of(
                                TopicConfig.CLEANUP_POLICY_CONFIG,
                                TopicConfig.CLEANUP_POLICY_DELETE,
                                TopicConfig.RETENTION_MS_CONFIG,
                                millis(Duration.ofDays(30)))));
    }

    private static NewTopic topic(String name, Map<String, String> config) {
        return new NewTopic(name, Optional.of(PARTITIONS), Optional.empty()).configs(config);
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }

    private Admin admin() {
        if (admin == null) {
            admin = Admin.create(Map.of(
                    AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                    bootstrapServers,
                    AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                    "5000",
                    AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                    millis(patience)));
        }
        return admin;
    }

    @PreDestroy
    public synchronized void close() {
        if (admin != null) {
            admin.close(Duration.ofSeconds(1));
        }
    }
}
