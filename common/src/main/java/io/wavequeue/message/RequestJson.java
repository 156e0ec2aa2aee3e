package io.wavequeue.message;

import com.fasterxml.jackson.core.JsonGenerator;
import io.wavequeue.job.NewJob;
import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a job's request, which every record of a job carries. Input and labels are JSON text already.
 *
 * @param maxAttempts left out when it is what a request without it means
 */
record RequestJson(
        UUID id,
        String model,
        String input,
        String labels,
        @Nullable String reference,
        @Nullable UUID batchId,
        int maxAttempts,
        int attempt) {

    void write(JsonGenerator json) throws IOException {
        json.writeStringField("id", id.toString());
        json.writeStringField("model", model);
        json.writeFieldName("input");
        json.writeRawValue(input);
        if (reference != null) {
            json.writeStringField("reference", reference);
        }
        if (batchId != null) {
            json.writeStringField("batch_id", batchId.toString());
        }
        if (!labels.equals("{}")) {
            json.writeFieldName("labels");
            json.writeRawValue(labels);
        }
        if (maxAttempts != NewJob.USUAL_ATTEMPTS) {
            json.writeNumberField("max_attempts", maxAttempts);
        }
        json.writeNumberField("attempt", attempt);
    }
}
