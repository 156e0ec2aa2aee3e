package io.wavequeue.dispatch;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.wavequeue.message.JobSender;
import io.wavequeue.message.KafkaAwayException;
import io.wavequeue.message.Topics;
import io.wavequeue.store.ClaimStore.Candidate;
import io.wavequeue.store.DatabaseAwayException;
import io.wavequeue.store.DispatchStore;
import io.wavequeue.store.DispatchStore.DueJob;
import io.wavequeue.store.HoldStore;
import io.wavequeue.wiring.KillPoint;
import io.wavequeue.wiring.WavequeueConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The dispatch loop: holds and releases rows as the account says, then publishes what is due.
 *
 * <p>{@link #wake()} is called after every commit that makes a job due in this process; the others are found within a
 * quarter of a second.
 */
@ApplicationScoped
public class Dispatcher {
    private static final Logger LOG = Logger.getLogger(Dispatcher.class);
    private static final int MOST_AT_ONCE = 2_000;
    /** Lets the window empty a little: finding room for few jobs costs as much as for many. */
    private static final Duration GATHER = Duration.ofMillis(250);

    private static final Duration TROUBLE = Duration.ofSeconds(1);
    private static final Duration TOPICS_EVERY = Duration.ofSeconds(5);

    private final DispatchStore store;
    private final HoldStore holds;
    private final JobSender sender;
    private final Topics topics;
    private final InstantSource clock;
    private final WavequeueConfig.Dispatch settings;
    private final Loop loop = new Loop("dispatch", this::stepSafely);
    private @Nullable Instant topicsSeen;

    Dispatcher(
            DispatchStore store,
            HoldStore holds,
            JobSender sender,
            Topics topics,
            InstantSource clock,
            WavequeueConfig config) {
        this.store = store;
        this.holds = holds;
        this.sender = sender;
        this.topics = topics;
        this.clock = clock;
        this.settings = config.dispatch();
    }

    /** Looks for due jobs now rather than in a moment. */
    public void wake() {
        loop.wake();
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
            return step() >= MOST_AT_ONCE ? Duration.ZERO : GATHER;
        } catch (DatabaseAwayException | KafkaAwayException away) {
            LOG.warnf("dispatch waits: %s", away.getMessage());
            return TROUBLE;
        } catch (RuntimeException failure) {
            LOG.error("dispatch failed and is tried again in a second", failure);
            return TROUBLE;
        }
    }

    /**
     * One step.
     *
     * @return how many rows it moved; 0 = nothing to do
     */
    public int step() {
        housekeeping();
        int followed = holds.follow(MOST_AT_ONCE);
        KillPoint.reach("dispatch.before");
        List<DueJob> due = store.take(DispatchWindow::size, MOST_AT_ONCE, settings.sendAgain());
        if (due.isEmpty()) {
            return followed;
        }
        KillPoint.reach("dispatch.taken");
        List<DueJob> failed = sender.send(due);
        KillPoint.reach("dispatch.sent");
        if (!failed.isEmpty()) {
            LOG.warnf("Kafka did not take %d of %d jobs; they are sent again", failed.size(), due.size());
            topicsSeen = null;
            store.release(failed.stream().map(Dispatcher::candidate).toList(), TROUBLE);
            return 0;
        }
        return followed + due.size();
    }

    private static Candidate candidate(DueJob job) {
        return new Candidate(job.id(), job.attempt(), job.dispatchNo());
    }

    /** Topics that had to be made again had records in them: everything that was out goes out again. */
    private void housekeeping() {
        Instant now = clock.instant();
        if (topicsSeen != null && now.isBefore(topicsSeen.plus(TOPICS_EVERY))) {
            return;
        }
        Set<String> made = topics.ensure();
        if (!made.isEmpty()) {
            LOG.infof("made the topics %s; %d jobs that were out are sent again", made, store.sendAllAgain());
        }
        store.forgetOldSubmits();
        topicsSeen = now;
    }
}
