package io.wavequeue.api.intake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.admission.Admission;
import io.wavequeue.admission.AdmissionResult;
import io.wavequeue.admission.CanonicalJson;
import io.wavequeue.admission.RequestForm;
import io.wavequeue.api.http.ProblemException;
import io.wavequeue.api.http.ProblemKind;
import io.wavequeue.api.status.JobView;
import io.wavequeue.catalogue.FieldError;
import io.wavequeue.dispatch.Dispatcher;
import io.wavequeue.job.JobIds;
import io.wavequeue.job.JobStatus;
import io.wavequeue.job.NewJob;
import io.wavequeue.store.Idempotency.Answer;
import io.wavequeue.store.Idempotency.Key;
import io.wavequeue.store.Idempotency.Result;
import io.wavequeue.store.JobIntake;
import io.wavequeue.store.view.StoredJob;
import io.wavequeue.wiring.KillPoint;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/** Admits a request and makes it durable. */
@ApplicationScoped
public class JobIntakeDesk {
    private static final Logger LOG = Logger.getLogger(JobIntakeDesk.class);
    private static final String SCOPE = "POST /v1/jobs";
    private static final int ACCEPTED = 202;

    private final Admission admission;
    private final JobIntake store;
    private final Dispatcher dispatcher;
    private final JobIds ids;
    private final ObjectMapper json;

    JobIntakeDesk(Admission admission, JobIntake store, Dispatcher dispatcher, JobIds ids, ObjectMapper json) {
        this.admission = admission;
        this.store = store;
        this.dispatcher = dispatcher;
        this.ids = ids;
        this.json = json;
    }

    /** Writes the job, or finds the first answer of the key; a {@link ProblemException} when it is not to be. */
    Result take(JsonNode request, @Nullable String key) {
        if (key == null) {
            return enqueued(request, null);
        }
        Key idempotencyKey = new Key(SCOPE, key, CanonicalJson.sha256(request));
        // A repeated request gets its first answer, whatever has become of the catalogue and its clips since.
        return store.find(idempotencyKey).orElseGet(() -> enqueued(request, idempotencyKey));
    }

    private Result enqueued(JsonNode request, @Nullable Key key) {
        NewJob job = admitted(request);
        KillPoint.reach("intake.before");
        Result result = store.enqueue(job, key, createdAt -> answer(job, createdAt));
        KillPoint.reach("intake.after");
        if (result instanceof Result.Made) {
            MDC.put("job", job.id());
            LOG.infof("queued: %s", job.model());
            MDC.remove("job");
            dispatcher.wake();
        }
        return result;
    }

    private NewJob admitted(JsonNode request) {
        return switch (admission.admit(ids.next(), request, RequestForm.BODY)) {
            case AdmissionResult.Admitted(NewJob job, ObjectNode ignored) -> job;
            case AdmissionResult.Refused(List<FieldError> errors) ->
                throw ProblemException.listing(ProblemKind.INVALID_REQUEST, errors);
        };
    }

    private Answer answer(NewJob job, Instant createdAt) {
        StoredJob.State state = new StoredJob.State(JobStatus.QUEUED.code(), false, null, null, createdAt, null);
        StoredJob queued = new StoredJob(
                job.id(),
                state,
                job.model(),
                job.lane().code(),
                job.input(),
                job.labels(),
                job.tag().reference(),
                job.tag().batchId(),
                job.maxAttempts(),
                job.estimatedUsd(),
                List.of(),
                List.of(),
                List.of());
        try {
            return new Answer(ACCEPTED, "/v1/jobs/" + job.id(), json.writeValueAsString(JobView.of(queued)));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
