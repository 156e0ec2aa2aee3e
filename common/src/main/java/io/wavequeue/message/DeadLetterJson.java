package io.wavequeue.message;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.wavequeue.job.JobError;
import io.wavequeue.store.JobEvent;
import io.wavequeue.store.JobEvent.Letter;
import io.wavequeue.store.JobEvent.Request;
import io.wavequeue.store.view.StoredJob;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The values on the dead-letter topic: what was asked for, and {@code error}, {@code attempts}, {@code failed_at}.
 *
 * <p>A failed job has its request's own fields. A record that could not become a job has the text that came, as {@code
 * record}, and where it lay.
 */
final class DeadLetterJson {
    private static final JsonFactory JSON = new JsonFactory();

    /** A character may become six bytes in JSON; the broker's usual limit is a mebibyte. */
    private static final int MOST_CHARACTERS = 128 * 1024;

    /** Room for attempts and error below the same limit. */
    private static final int MOST_INPUT_BYTES = 900 * 1024;

    private DeadLetterJson() {}

    /** Writes one object's fields. */
    @FunctionalInterface
    private interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    static byte[] of(ConsumerRecord<byte[], byte[]> record, JobError error, Instant failedAt) {
        return object(json -> {
            String value = record.value() == null ? "" : new String(record.value(), StandardCharsets.UTF_8);
            json.writeStringField("record", value.substring(0, Math.min(value.length(), MOST_CHARACTERS)));
            json.writeBooleanField("truncated", value.length() > MOST_CHARACTERS);
            json.writeStringField("topic", record.topic());
            json.writeNumberField("partition", record.partition());
            json.writeNumberField("offset", record.offset());
            json.writeStringField(
                    "produced_at", Instant.ofEpochMilli(record.timestamp()).toString());
            error(json, new StoredJob.Error(error.errorClass().code(), error.message(), error.retryable()));
            attempts(json, List.of());
            json.writeStringField("failed_at", failedAt.toString());
        });
    }

    /** An input that is too large for Kafka is null, and {@code truncated} says so: the job's row has it. */
    static byte[] of(JobEvent event, Request request, Letter letter) {
        boolean tooLarge = letter.input().getBytes(StandardCharsets.UTF_8).length > MOST_INPUT_BYTES;
        RequestJson asked = new RequestJson(
                event.jobId(),
                request.model(),
                tooLarge ? "null" : letter.input(),
                letter.labels(),
                request.reference(),
                request.batchId(),
                letter.maxAttempts(),
                letter.attempt());
        return object(json -> {
            asked.write(json);
            if (tooLarge) {
                json.writeBooleanField("truncated", true);
            }
            error(json, letter.error());
            attempts(json, letter.attempts());
            json.writeStringField("failed_at", letter.failedAt().toString());
        });
    }

    private static byte[] object(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    static void error(JsonGenerator json, StoredJob.@Nullable Error error) throws IOException {
        json.writeFieldName("error");
        if (error == null) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        json.writeStringField("class", error.errorClass());
        json.writeStringField("message", error.message());
        json.writeBooleanField("retryable", error.retryable());
        json.writeEndObject();
    }

    /** As in the REST contract. */
    private static void attempts(JsonGenerator json, List<StoredJob.Attempt> attempts) throws IOException {
        json.writeArrayFieldStart("attempts");
        for (StoredJob.Attempt attempt : attempts) {
            json.writeStartObject();
            json.writeNumberField("number", attempt.number());
            json.writeStringField("status", attempt.status());
            json.writeStringField("prediction_id", attempt.predictionId());
            time(json, "submitted_at", attempt.submittedAt());
            time(json, "accepted_at", attempt.acceptedAt());
            time(json, "completed_at", attempt.completedAt());
            json.writeNumberField("polls", attempt.polls());
            json.writeFieldName("inference_ms");
            if (attempt.inferenceMs() == null) {
                json.writeNull();
            } else {
                json.writeNumber(attempt.inferenceMs());
            }
            usd(json, "charged_usd", attempt.chargedUsd());
            usd(json, "refunded_usd", attempt.refundedUsd());
            error(json, attempt.error());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void time(JsonGenerator json, String field, @Nullable Instant time) throws IOException {
        json.writeStringField(field, time == null ? null : time.toString());
    }

    private static void usd(JsonGenerator json, String field, @Nullable BigDecimal usd) throws IOException {
        json.writeFieldName(field);
        if (usd == null) {
            json.writeNull();
        } else {
            json.writeNumber(usd.stripTrailingZeros().toPlainString());
        }
    }
}
