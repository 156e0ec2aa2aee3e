package io.wavequeue.api.batch;

import io.wavequeue.admission.Admission;
import io.wavequeue.api.http.BatchConfig;
import io.wavequeue.api.http.ProblemException;
import io.wavequeue.api.http.ProblemKind;
import io.wavequeue.catalogue.Catalogue;
import io.wavequeue.dispatch.Dispatcher;
import io.wavequeue.job.JobIds;
import io.wavequeue.job.NewBatch;
import io.wavequeue.quote.PriceQuestions;
import io.wavequeue.store.BatchStore;
import io.wavequeue.store.ClashingTakesException;
import io.wavequeue.store.Idempotency.Key;
import io.wavequeue.store.Idempotency.Result;
import io.wavequeue.store.JobSpool;
import io.wavequeue.wiring.KillPoint;
import io.wavequeue.wiring.WavequeueConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Admits a file of jobs as a whole and makes it durable, or hands it on to be compared with its library. */
@ApplicationScoped
public class BatchDesk {
    private static final Logger LOG = Logger.getLogger(BatchDesk.class);
    private static final String SCOPE = "POST /v1/batches";

    private final Catalogue catalogue;
    private final Admission admission;
    private final BatchStore store;
    private final PlanDesk plans;
    private final Dispatcher dispatcher;
    private final JobIds ids;
    private final BatchAnswers answers;
    private final Settings settings;

    /** @param most bytes of a file */
    private record Settings(Path spool, long most) {}

    BatchDesk(
            Catalogue catalogue,
            Admission admission,
            BatchStore store,
            PlanDesk plans,
            Dispatcher dispatcher,
            JobIds ids,
            BatchAnswers answers,
            WavequeueConfig config,
            BatchConfig batches) {
        this.catalogue = catalogue;
        this.admission = admission;
        this.store = store;
        this.plans = plans;
        this.dispatcher = dispatcher;
        this.ids = ids;
        this.answers = answers;
        this.settings = new Settings(
                config.dataDir().resolve("spool"), batches.maxBody().asLongValue());
    }

    /**
     * Writes the batch or the plan, or finds the first answer of the key; a {@link ProblemException} when it is not to be.
     */
    Result take(BatchRequest asked, ManifestForm form, InputStream file, @Nullable String key)
            throws IOException, InterruptedException {
        BodyStream body = new BodyStream(file, settings.most());
        Manifest manifest = form.manifest(catalogue);
        UUID id = ids.next();
        try (JobSpool spool = JobSpool.create(settings.spool())) {
            @Nullable PriceQuestions questions = asked.isDryRun() && asked.isQuoted() ? plans.questions() : null;
            LineCheck lines = new LineCheck(admission, asked, id, ids, spool, questions);
            manifest.read(body, lines);
            String sha256 = manifest.sha256(body.sha256());
            if (asked.isDryRun()) {
                return plans.plan(id, asked, new PlanDesk.CheckedFile(manifest, sha256, lines.end(), spool), questions);
            }
            @Nullable Key idempotencyKey = key == null ? null : new Key(SCOPE, key, asked.sha256(form, sha256));
            // A repeated call gets its first answer, whatever has become of the catalogue and its clips since.
            Optional<Result> earlier = idempotencyKey == null ? Optional.empty() : store.find(idempotencyKey);
            if (earlier.isPresent()) {
                return earlier.get();
            }
            int count = lines.end();
            return asked.plan() == null
                    ? enqueued(batch(lines, id, asked), manifest, spool, idempotencyKey)
                    : woken(plans.apply(
                            id, asked, new PlanDesk.CheckedFile(manifest, sha256, count, spool), idempotencyKey));
        }
    }

    private static NewBatch batch(LineCheck lines, UUID id, BatchRequest asked) {
        if (lines.unknownPrice() > 0 && !asked.acceptsUnknownPrice()) {
            throw unknownPrice(lines.unknownPrice());
        }
        return lines.batch(id, asked);
    }

    static ProblemException unknownPrice(int jobs) {
        return new ProblemException(
                ProblemKind.UNKNOWN_PRICE,
                "nobody knows the price of %,d of the jobs; nothing was enqueued. Say unknown_price=accept to make them all the same"
                        .formatted(jobs));
    }

    private Result enqueued(NewBatch batch, Manifest manifest, JobSpool spool, @Nullable Key key) {
        KillPoint.reach("intake.before");
        Result result;
        try {
            result = store.enqueue(batch, spool, key, createdAt -> answers.of(batch, createdAt));
        } catch (ClashingTakesException clash) {
            throw PlanDesk.problem(manifest, clash.faults());
        }
        KillPoint.reach("intake.after");
        if (result instanceof Result.Made) {
            LOG.infof("batch %s: %d jobs queued", batch.id(), batch.jobs());
        }
        return woken(result);
    }

    private Result woken(Result result) {
        if (result instanceof Result.Made) {
            dispatcher.wake();
        }
        return result;
    }
}
