package io.wavequeue.api.batch;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.wavequeue.api.http.ProblemException;
import io.wavequeue.api.http.ProblemKind;
import io.wavequeue.api.status.JobView;
import io.wavequeue.dispatch.Loop;
import io.wavequeue.store.BatchEvents;
import io.wavequeue.store.BatchEvents.Change;
import io.wavequeue.store.BatchEvents.Horizon;
import io.wavequeue.store.BatchEvents.Place;
import io.wavequeue.store.BatchStore;
import io.wavequeue.store.BatchStore.Batch;
import io.wavequeue.store.DatabaseAwayException;
import io.wavequeue.store.view.JobViews;
import io.wavequeue.store.view.StoredJob;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads events for all who listen, in one loop and over one connection at a time; while nobody listens it sleeps.
 *
 * <p>Those who have come as far as each other share what is read. One who resumes, or reads slowly, has a place of his own
 * until he has caught up.
 */
@ApplicationScoped
public class BatchStreams {
    /** Streams of events that are open in this process. */
    static final String OPEN = "wavequeue.streams.open";

    private static final Logger LOG = Logger.getLogger(BatchStreams.class);

    /** Lets some events come together: reading few costs as much as reading many. */
    private static final Duration GATHER = Duration.ofMillis(250);

    private static final Duration TROUBLE = Duration.ofSeconds(1);
    private static final Duration NOBODY = Duration.ofHours(1);
    private static final Duration NOBODY_READS = Duration.ofMinutes(1);
    private static final Duration ASK_AGAIN = Duration.ofSeconds(5);

    private final BatchEvents events;
    private final BatchStore batches;
    private final JobViews jobs;
    private final ObjectMapper json;
    private final InstantSource clock;
    private final int most;

    private final Set<BatchStream> streams = ConcurrentHashMap.newKeySet();

    /** By batch; the loop's own. */
    private final Map<UUID, BatchLook> looks = new HashMap<>();

    private final Loop loop = new Loop("batch-streams", this::stepSafely);

    /** A stop waits for calls that are under way: these would not end by themselves. */
    private final Thread hook = new Thread(this::closeAll, "close-batch-streams");

    /** For the container; tests make their own and turn it by hand. */
    public BatchStreams(
            BatchEvents events,
            BatchStore batches,
            JobViews jobs,
            ObjectMapper json,
            InstantSource clock,
            StreamConfig config,
            MeterRegistry registry) {
        this.events = events;
        this.batches = batches;
        this.jobs = jobs;
        this.json = json;
        this.clock = clock;
        this.most = config.max();
        Gauge.builder(OPEN, streams, BatchStreams::open)
                .description("Streams of events that are open in this process")
                .register(registry);
    }

    private static long open(Set<BatchStream> streams) {
        return streams.stream().filter(stream -> !stream.isClosed()).count();
    }

    void onStart(@Observes StartupEvent start) {
        loop.start();
        Runtime.getRuntime().addShutdownHook(hook);
    }

    void onStop(@Observes ShutdownEvent stop) throws InterruptedException {
        closeAll();
        loop.stopAndWait();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            LOG.debug("the process ends with the application");
        }
    }

    private void closeAll() {
        streams.forEach(BatchStream::close);
    }

    /**
     * Opens a stream; a {@link ProblemException} when there are too many.
     *
     * @param from behind which the events of jobs begin; null = with those to come
     * @param disconnect ends the connection of the one who listens
     */
    BatchStream open(UUID batch, @Nullable Place from, Runnable disconnect) {
        Place now = events.horizon().place();
        BatchStream stream = new BatchStream(batch, from == null || from.xid() > now.xid() ? now : from, disconnect);
        synchronized (this) {
            streams.removeIf(BatchStream::isClosed);
            if (streams.size() >= most) {
                throw new ProblemException(
                                ProblemKind.TOO_MANY_STREAMS,
                                "%d streams of events are open, as many as WAVEQUEUE_STREAMS_MAX allows"
                                        .formatted(most))
                        .retryAfter(ASK_AGAIN);
            }
            streams.add(stream);
        }
        loop.wake();
        return stream;
    }

    /** A loop's edge: whatever goes wrong, the places are kept and the next step tries again. */
    private Duration stepSafely() {
        try {
            boolean isMore = step();
            if (streams.isEmpty()) {
                return NOBODY;
            }
            return isMore ? Duration.ZERO : GATHER;
        } catch (DatabaseAwayException away) {
            LOG.warnf("streams of events wait: %s", away.getMessage());
        } catch (RuntimeException failure) {
            LOG.error("reading events for streams failed and is tried again", failure);
        }
        return TROUBLE;
    }

    /**
     * One step.
     *
     * @return whether there is more to read at once
     */
    boolean step() {
        Instant now = clock.instant();
        streams.removeIf(BatchStream::isClosed);
        looks.keySet().retainAll(streams.stream().map(BatchStream::batch).collect(toSet()));
        if (streams.isEmpty()) {
            return false;
        }
        streams.forEach(stream -> looks.computeIfAbsent(stream.batch(), batch -> new BatchLook()));
        Horizon horizon = events.horizon();
        boolean isMore = false;
        Map<Place, List<BatchStream>> byPlace =
                streams.stream().filter(stream -> isReading(stream, now)).collect(groupingBy(BatchStream::place));
        for (Map.Entry<Place, List<BatchStream>> readers : byPlace.entrySet()) {
            isMore |= read(readers.getKey(), horizon, readers.getValue());
        }
        looks.forEach((batch, look) -> look(batch, look, now));
        return isMore;
    }

    private static boolean isReading(BatchStream stream, Instant now) {
        if (stream.hasRoom(now)) {
            return true;
        }
        Instant since = stream.fullSince();
        if (since != null && since.plus(NOBODY_READS).isBefore(now)) {
            LOG.infof(
                    "the stream of batch %s is closed: nobody has read it for %s; it goes on with Last-Event-ID",
                    stream.batch(), NOBODY_READS);
            stream.cutOff();
        }
        return false;
    }

    private boolean read(Place place, Horizon horizon, List<BatchStream> readers) {
        List<Change> changes = events.after(place, horizon, BatchStream.PAGE);
        Map<UUID, List<BatchStream>> byBatch = readers.stream().collect(groupingBy(BatchStream::batch));
        SequencedMap<UUID, Change> ended = new LinkedHashMap<>();
        for (Change change : changes) {
            UUID batch = change.batch();
            BatchLook look = batch == null ? null : looks.get(batch);
            if (look != null) {
                look.touch();
            }
            if (change.ends() && batch != null && byBatch.containsKey(batch)) {
                ended.putLast(change.job(), change);
            }
        }
        tell(ended, byBatch);
        boolean isFull = changes.size() == BatchStream.PAGE;
        Place read = isFull ? changes.getLast().place() : horizon.place();
        readers.forEach(reader -> reader.moveTo(read));
        return isFull;
    }

    /** Of a job that ended and was archived, what it is now is told once. */
    private void tell(Map<UUID, Change> ended, Map<UUID, List<BatchStream>> byBatch) {
        if (ended.isEmpty()) {
            return;
        }
        Map<UUID, StoredJob> found =
                jobs.of(ended.keySet()).stream().collect(toMap(StoredJob::id, Function.identity()));
        ended.forEach((id, change) -> {
            StoredJob job = found.get(id);
            if (job != null) {
                StreamEvent event = StreamEvent.job(change.place(), text(JobView.of(job)));
                byBatch.getOrDefault(job.batchId(), List.of()).forEach(reader -> reader.add(event));
            }
        });
    }

    private void look(UUID id, BatchLook look, Instant now) {
        if (look.isDue(now)) {
            Optional<Batch> batch = batches.find(id);
            String seen = batch.map(found -> text(BatchView.of(found))).orElse(null);
            boolean isDone = batch.map(Batch::endedAt).isPresent();
            look.saw(now, seen, isDone ? events.horizon() : null);
        }
        String seen = look.seen();
        for (BatchStream stream : streams) {
            if (!stream.batch().equals(id)) {
                continue;
            }
            if (seen == null) {
                stream.close();
            } else {
                stream.progress(seen);
                if (look.isDoneAt(stream.place())) {
                    stream.end(StreamEvent.done(seen));
                }
            }
        }
    }

    private String text(Object view) {
        try {
            return json.writeValueAsString(view);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
