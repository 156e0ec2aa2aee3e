package io.wavequeue.worker.claim;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.admission.Admission;
import io.wavequeue.admission.AdmissionResult;
import io.wavequeue.admission.JsonRead;
import io.wavequeue.admission.RequestForm;
import io.wavequeue.admission.StrictJson;
import io.wavequeue.catalogue.FieldError;
import io.wavequeue.dispatch.Dispatcher;
import io.wavequeue.job.Lane;
import io.wavequeue.job.NewJob;
import io.wavequeue.store.JobIntake;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Admits records that other services produced: the same checks, the same intake and the same dispatch as a request's.
 *
 * <p>A record's {@code id} makes it repeatable; without one, its place in the topic does.
 */
@ApplicationScoped
class ForeignRecords {
    private final Admission admission;
    private final JobIntake intake;
    private final Dispatcher dispatcher;

    ForeignRecords(Admission admission, JobIntake intake, Dispatcher dispatcher) {
        this.admission = admission;
        this.intake = intake;
        this.dispatcher = dispatcher;
    }

    /** Makes a job of the record; otherwise the reason why it cannot be one. */
    Optional<String> admit(Lane lane, ConsumerRecord<byte[], byte[]> record) {
        return switch (StrictJson.read(record.value())) {
            case JsonRead.Malformed malformed -> Optional.of(malformed.text());
            case JsonRead.Value value -> admit(lane, record, value.json());
        };
    }

    private Optional<String> admit(Lane lane, ConsumerRecord<byte[], byte[]> record, JsonNode request) {
        Optional<UUID> id = id(record, request.path("id"));
        if (id.isEmpty()) {
            return Optional.of("id: it must be a UUID");
        }
        return switch (admission.admit(id.get(), request, RequestForm.record(lane))) {
            case AdmissionResult.Refused refused ->
                Optional.of(refused.errors().stream().map(FieldError::text).collect(Collectors.joining("; ")));
            case AdmissionResult.Admitted admitted -> {
                enqueue(admitted.job());
                yield Optional.empty();
            }
        };
    }

    private void enqueue(NewJob job) {
        intake.enqueue(List.of(job));
        dispatcher.wake();
    }

    private static Optional<UUID> id(ConsumerRecord<byte[], byte[]> record, JsonNode id) {
        if (id.isMissingNode() || id.isNull()) {
            String place =
                    "%s/%d/%d/%d".formatted(record.topic(), record.partition(), record.offset(), record.timestamp());
            return Optional.of(UUID.nameUUIDFromBytes(place.getBytes(StandardCharsets.UTF_8)));
        }
        try {
            return Optional.of(UUID.fromString(id.asText()));
        } catch (IllegalArgumentException noUuid) {
            return Optional.empty();
        }
    }
}
