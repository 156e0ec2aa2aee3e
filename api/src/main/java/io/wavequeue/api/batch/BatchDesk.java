package io.wavequeue.api.batch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.wavequeue.admission.Admission;
import io.wavequeue.admission.RequestForm;
import io.wavequeue.api.http.BatchConfig;
import io.wavequeue.catalogue.Catalogue;
import io.wavequeue.dispatch.Dispatcher;
import io.wavequeue.job.JobIds;
import io.wavequeue.job.NewBatch;
import io.wavequeue.store.BatchStore;
import io.wavequeue.store.Idempotency.Answer;
import io.wavequeue.store.Idempotency.Key;
import io.wavequeue.store.Idempotency.Result;
import io.wavequeue.store.JobSpool;
import io.wavequeue.wiring.KillPoint;
import io.wavequeue.wiring.WavequeueConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Admits a file of jobs as a whole and makes it durable. */
@ApplicationScoped
public class BatchDesk {
    private static final Logger LOG = Logger.getLogger(BatchDesk.class);
    private static final String SCOPE = "POST /v1/batches";
    private static final int ACCEPTED = 202;

    private final Catalogue catalogue;
    private final Admission admission;
    private final BatchStore store;
    private final Dispatcher dispatcher;
    private final JobIds ids;
    private final ObjectMapper json;
    private final Settings settings;

    /** @param most bytes of a file */
    private record Settings(Path spool, long most) {}

    BatchDesk(
            Catalogue catalogue,
            Admission admission,
            BatchStore store,
            Dispatcher dispatcher,
            JobIds ids,
            ObjectMapper json,
            WavequeueConfig config,
            BatchConfig batches) {
        this.catalogue = catalogue;
        this.admission = admission;
        this.store = store;
        this.dispatcher = dispatcher;
        this.ids = ids;
        this.json = json;
        this.settings = new Settings(
                config.dataDir().resolve("spool"), batches.maxBody().asLongValue());
    }

    /**
     * Writes the batch, or finds the first answer of the key; a {@link io.wavequeue.api.http.ProblemException} when it is
     * not to be.
     */
    Result take(BatchRequest asked, ManifestForm form, InputStream file, @Nullable String key) throws IOException {
        BodyStream body = new BodyStream(file, settings.most());
        Manifest manifest = form.manifest(catalogue);
        UUID id = ids.next();
        try (JobSpool spool = JobSpool.create(settings.spool())) {
            LineCheck lines = new LineCheck(admission, RequestForm.line(asked.lane(), id), ids, spool);
            manifest.read(body, lines);
            @Nullable
            Key idempotencyKey =
                    key == null ? null : new Key(SCOPE, key, asked.sha256(form, manifest.sha256(body.sha256())));
            // A repeated call gets its first answer, whatever has become of the catalogue and its clips since.
            Optional<Result> earlier = idempotencyKey == null ? Optional.empty() : store.find(idempotencyKey);
            return earlier.isPresent() ? earlier.get() : enqueued(lines.batch(id, asked), spool, idempotencyKey);
        }
    }

    private Result enqueued(NewBatch batch, JobSpool spool, @Nullable Key key) {
        KillPoint.reach("intake.before");
        Result result = store.enqueue(batch, spool, key, createdAt -> answer(batch, createdAt));
        KillPoint.reach("intake.after");
        if (result instanceof Result.Made) {
            LOG.infof("batch %s: %d jobs queued", batch.id(), batch.jobs());
            dispatcher.wake();
        }
        return result;
    }

    private Answer answer(NewBatch batch, Instant createdAt) {
        try {
            return new Answer(
                    ACCEPTED,
                    "/v1/batches/" + batch.id(),
                    json.writeValueAsString(BatchView.of(BatchStore.Batch.queued(batch, createdAt))));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
