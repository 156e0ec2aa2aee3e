package io.wavequeue.event;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.wavequeue.dispatch.Loop;
import io.wavequeue.message.EventSender;
import io.wavequeue.message.KafkaAwayException;
import io.wavequeue.message.Topics;
import io.wavequeue.store.DatabaseAwayException;
import io.wavequeue.store.EventStore;
import io.wavequeue.store.EventStore.Again;
import io.wavequeue.store.EventStore.Batch;
import io.wavequeue.store.JobEvent;
import io.wavequeue.store.JobEvent.LetterChange;
import io.wavequeue.wiring.KillPoint;
import io.wavequeue.wiring.WavequeueConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The loop that publishes events and dead letters. It runs in every process; a lease lets one of them send at a time, and
 * no transaction is open while it does.
 *
 * <p>At least once: a batch that was not wholly acknowledged, or whose sender died, is sent again by whoever is next.
 */
@ApplicationScoped
public class EventPublisher {
    /** Seconds since the oldest event that is not published was written; 0 when all are. */
    static final String AGE = "wavequeue.events.unpublished.age";

    private static final Logger LOG = Logger.getLogger(EventPublisher.class);
    private static final int MOST_AT_ONCE = 1_000;
    private static final int FORGET_AT_ONCE = 10_000;

    /** A sending lasts at most 20 s: 5 s until a record is taken, 15 s until it is delivered or given up. */
    private static final Duration LEASE = Duration.ofSeconds(45);

    /** Lets some events come together: reading few costs as much as reading many. */
    private static final Duration GATHER = Duration.ofMillis(250);

    private static final Duration TROUBLE = Duration.ofSeconds(1);
    private static final Duration MOST_TROUBLE = Duration.ofSeconds(30);
    private static final Duration TOPICS_EVERY = Duration.ofSeconds(5);
    private static final Duration FORGET_EVERY = Duration.ofMinutes(1);

    private final EventStore store;
    private final EventSender sender;
    private final Topics topics;
    private final InstantSource clock;
    private final WavequeueConfig.Events settings;
    private final Loop loop = new Loop("events", this::stepSafely);
    private volatile @Nullable Instant oldest;
    private Duration trouble = TROUBLE;
    private Instant topicsDue = Instant.MIN;
    private Instant forgetDue = Instant.MIN;

    /** For the container; tests make their own and turn it by hand. */
    public EventPublisher(
            EventStore store,
            EventSender sender,
            Topics topics,
            InstantSource clock,
            WavequeueConfig config,
            MeterRegistry registry) {
        this.store = store;
        this.sender = sender;
        this.topics = topics;
        this.clock = clock;
        this.settings = config.events();
        Gauge.builder(AGE, this, EventPublisher::unpublishedSeconds)
                .description(
                        "Seconds since the oldest event that is not published was written, as this process saw it last")
                .baseUnit("seconds")
                .register(registry);
    }

    void onStart(@Observes StartupEvent start) {
        if (settings.enabled()) {
            loop.start();
        }
    }

    void onStop(@Observes ShutdownEvent stop) throws InterruptedException {
        loop.stopAndWait();
    }

    /** A loop's edge: whatever goes wrong, the rows are safe and the next step tries again. */
    private Duration stepSafely() {
        try {
            int published = step();
            trouble = TROUBLE;
            return published >= MOST_AT_ONCE ? Duration.ZERO : GATHER;
        } catch (DatabaseAwayException | KafkaAwayException away) {
            LOG.warnf("events wait: %s", away.getMessage());
        } catch (RuntimeException failure) {
            LOG.error("publishing events failed and is tried again", failure);
        }
        topicsDue = Instant.MIN;
        Duration wait = trouble;
        trouble = trouble.multipliedBy(2).compareTo(MOST_TROUBLE) < 0 ? trouble.multipliedBy(2) : MOST_TROUBLE;
        return wait;
    }

    /**
     * One step.
     *
     * @return how many events it published; 0 = there are none, or somebody else publishes
     */
    public int step() {
        oldest = store.oldestUnpublished().orElse(null);
        lookAtTopics();
        forget();
        if (oldest == null) {
            return 0;
        }
        KillPoint.reach("publish.before");
        Optional<Batch> taken = store.take(MOST_AT_ONCE, LEASE);
        taken.ifPresent(this::publish);
        return taken.map(batch -> batch.events().size()).orElse(0);
    }

    private void publish(Batch batch) {
        KillPoint.reach("publish.taken");
        try {
            sender.send(batch.events());
        } catch (KafkaAwayException away) {
            // Some may have been sent all the same, late if the lease has passed.
            if (!store.release(batch)) {
                amend(batch);
            }
            throw away;
        }
        KillPoint.reach("publish.sent");
        if (!store.published(batch)) {
            amend(batch);
        }
        KillPoint.reach("publish.after");
    }

    /**
     * This process was held up for longer than its lease, and somebody else went on. Events may be told twice, but a dead
     * letter that was sent late may have covered a newer one: those are written anew.
     */
    private void amend(Batch batch) {
        List<UUID> jobs = batch.events().stream()
                .filter(event -> !(event.letter() instanceof LetterChange.None))
                .map(JobEvent::jobId)
                .distinct()
                .toList();
        LOG.warnf(
                "%d events were sent, or may have been, after their lease had passed to another; %d dead letters are written anew",
                batch.events().size(), jobs.size());
        store.writeLettersAgain(jobs);
    }

    private void lookAtTopics() {
        Instant now = clock.instant();
        if (now.isBefore(topicsDue)) {
            return;
        }
        Topics.OutgoingIds ids = topics.outgoing();
        Again again = store.topicsSeen(ids.events(), ids.deadLetters());
        if (again.events()) {
            LOG.warnf(
                    "%s is a new topic: the events of the last %s are published again", Topics.EVENTS, settings.keep());
        }
        if (again.letters()) {
            LOG.warnf("%s is a new topic: the letters of all failed jobs are published again", Topics.DEAD_LETTERS);
        }
        topicsDue = now.plus(TOPICS_EVERY);
    }

    /** A full chunk means that there is more: the next step goes on. */
    private void forget() {
        Instant now = clock.instant();
        if (now.isBefore(forgetDue)) {
            return;
        }
        if (store.forget(settings.keep(), FORGET_AT_ONCE) < FORGET_AT_ONCE) {
            forgetDue = now.plus(FORGET_EVERY);
        }
    }

    private double unpublishedSeconds() {
        Instant since = oldest;
        return since == null
                ? 0
                : Math.max(0, Duration.between(since, clock.instant()).toMillis() / 1e3);
    }
}
