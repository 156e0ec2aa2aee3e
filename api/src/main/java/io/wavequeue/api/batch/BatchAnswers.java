package io.wavequeue.api.batch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.wavequeue.job.NewBatch;
import io.wavequeue.store.BatchStore.Batch;
import io.wavequeue.store.Idempotency.Answer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;

/** Answers that are kept: to calls that made a batch, and to those that made a plan. */
@ApplicationScoped
class BatchAnswers {
    private static final int ACCEPTED = 202;

    private final ObjectMapper json;

    BatchAnswers(ObjectMapper json) {
        this.json = json;
    }

    Answer of(NewBatch batch, Instant createdAt) {
        return of(Batch.queued(batch, createdAt));
    }

    Answer of(Batch batch) {
        return new Answer(ACCEPTED, "/v1/batches/" + batch.id(), json(BatchView.of(batch)));
    }

    String json(Object view) {
        try {
            return json.writeValueAsString(view);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
