package io.wavequeue.worker.archive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.wavequeue.catalogue.Catalogue;
import io.wavequeue.catalogue.Model;
import io.wavequeue.catalogue.Model.ExpectedOutput;
import io.wavequeue.dispatch.Signal;
import io.wavequeue.storage.LocalFile;
import io.wavequeue.storage.OutputStorage;
import io.wavequeue.store.CheckStore;
import io.wavequeue.store.CheckStore.Checked;
import io.wavequeue.store.CheckStore.DueCheck;
import io.wavequeue.store.CheckStore.Origin;
import io.wavequeue.store.DatabaseAwayException;
import io.wavequeue.worker.audio.AudioVerdict;
import io.wavequeue.worker.audio.Measurement;
import io.wavequeue.worker.audio.ProbeProcess;
import io.wavequeue.worker.audio.ProbeProcess.Answer;
import io.wavequeue.worker.audio.Reason;
import io.wavequeue.worker.audio.Verdict;
import io.wavequeue.worker.run.Heartbeat;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Looks at archived files, one after the other, and writes down what they are: in the database, and in a file beside each.
 *
 * <p>Neither the job nor the file depends on it. What could not be looked at is tried again when its lease is over.
 */
@ApplicationScoped
public class OutputChecker {
    /** Files that were looked at, by verdict. */
    static final String CHECKED = "wavequeue.output.checked";

    private static final Logger LOG = Logger.getLogger(OutputChecker.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration IDLE = Duration.ofSeconds(2);
    private static final int IDLE_ROUNDS = 30;
    private static final int MOST_AT_ONCE = 8;
    private static final Duration A_MOMENT = Duration.ofMillis(100);
    private static final int MOMENTS = 10;

    private final CheckStore store;
    private final Archiver archiver;
    private final Catalogue catalogue;
    private final OutputConfig config;
    private final boolean enabled;
    private final Duration lease;
    private final UUID worker;
    private final OutputStorage storage;
    private final Sidecars sidecars;
    private final ProbeProcess probe;
    private final MeterRegistry metrics;
    private final Signal signal = new Signal();
    private int idleRounds;
    private volatile boolean stopping;

    OutputChecker(
            CheckStore store,
            Archiver archiver,
            Catalogue catalogue,
            OutputStorage storage,
            Heartbeat heartbeat,
            OutputConfig config,
            MeterRegistry metrics) {
        this.store = store;
        this.archiver = archiver;
        this.catalogue = catalogue;
        this.config = config;
        this.enabled = archiver.isEnabled() && (config.check() || config.sidecars());
        this.lease = config.patience().multipliedBy(2L * MOST_AT_ONCE).plus(Duration.ofMinutes(1));
        this.worker = heartbeat.workerId();
        this.storage = storage;
        this.sidecars = new Sidecars(storage);
        this.probe = new ProbeProcess(config.ffmpeg(), config.patience());
        this.metrics = metrics;
    }

    void onStart(@Observes StartupEvent start) {
        if (enabled) {
            // Reading from a process would hold a virtual thread's carrier.
            Thread.ofPlatform().daemon().name("output-check").start(this::run);
        }
    }

    /** What is under way is repeated by somebody else. */
    void onStop(@Observes ShutdownEvent stop) {
        stopping = true;
        signal.wake();
        probe.close();
    }

    private void run() {
        try {
            while (!stopping) {
                giveWay();
                if (step() < MOST_AT_ONCE) {
                    signal.await(IDLE);
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Files that are not here yet come first, for a second at most: a night of them must not keep all looks waiting. */
    private void giveWay() throws InterruptedException {
        for (int i = 0; i < MOMENTS && !stopping && archiver.isCrowded(); i++) {
            signal.await(A_MOMENT);
        }
    }

    /** Looks at files that are due; a loop's edge. Returns how many it took. */
    int step() {
        try {
            List<DueCheck> due = store.take(worker, MOST_AT_ONCE, lease);
            if (due.isEmpty()) {
                rest();
                return 0;
            }
            idleRounds = 0;
            store.checked(
                    due.stream().map(this::lookAt).flatMap(Optional::stream).toList());
            return due.size();
        } catch (DatabaseAwayException away) {
            LOG.warnf("looking at archived files waits: %s", away.getMessage());
        } catch (RuntimeException failure) {
            LOG.error("looking at archived files failed and is tried again", failure);
        }
        return 0;
    }

    /** An idle worker keeps no second process; one that has a clip now and then does not start it for each. */
    private void rest() {
        if (++idleRounds == IDLE_ROUNDS) {
            probe.close();
        }
    }

    /** Empty when it is to be tried again. */
    private Optional<Checked> lookAt(DueCheck file) {
        if (stopping) {
            return Optional.empty();
        }
        try {
            AudioVerdict audio = config.check() ? judge(file) : null;
            if (stopping) {
                return Optional.empty();
            }
            if (config.sidecars() && !isGone(audio)) {
                sidecars.write(file, audio);
            }
            tell(file, audio);
            return Optional.of(new Checked(file, audio == null ? null : JSON.writeValueAsString(audio)));
        } catch (IOException | RuntimeException failure) {
            LOG.warnf(failure, "%s could not be looked at; again in %s", file, lease);
            return Optional.empty();
        }
    }

    private AudioVerdict judge(DueCheck file) throws IOException {
        Optional<LocalFile> found = storage.local(file.file());
        if (found.isEmpty()) {
            return AudioVerdict.unknown(Reason.FILE_UNREADABLE);
        }
        try (LocalFile local = found.get()) {
            return switch (probe.measure(local.path())) {
                case Answer.Measured(Measurement measured) -> AudioVerdict.of(measured, expected(file.origin()));
                case Answer.NotMeasured(Reason reason) -> AudioVerdict.unknown(reason);
            };
        }
    }

    /** Null when nobody knows: it is no job's, or its model is not in the catalogue any more. */
    private @Nullable ExpectedOutput expected(@Nullable Origin job) throws JsonProcessingException {
        Model model = job == null ? null : catalogue.find(job.model()).orElse(null);
        if (job == null || model == null) {
            return null;
        }
        JsonNode input = JSON.readTree(job.input());
        return input instanceof ObjectNode asked ? catalogue.expected(model, asked) : null;
    }

    private static boolean isGone(@Nullable AudioVerdict audio) {
        return audio != null && audio.reasons().contains(Reason.FILE_UNREADABLE);
    }

    private void tell(DueCheck file, @Nullable AudioVerdict audio) {
        if (audio == null) {
            return;
        }
        metrics.counter(CHECKED, "verdict", audio.verdict().code()).increment();
        List<String> reasons = audio.reasons().stream().map(Reason::code).toList();
        if (audio.verdict() == Verdict.BROKEN) {
            LOG.warnf("%s is broken (%s); the job stays as it is, and the file is kept", file, reasons);
        } else if (audio.verdict() == Verdict.SUSPECT) {
            LOG.infof("%s is suspect (%s)", file, reasons);
        }
    }
}
