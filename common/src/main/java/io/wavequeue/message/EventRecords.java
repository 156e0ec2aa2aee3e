package io.wavequeue.message;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.wavequeue.store.JobEvent;
import io.wavequeue.store.JobEvent.Change;
import io.wavequeue.store.JobEvent.Letter;
import io.wavequeue.store.JobEvent.LetterChange;
import io.wavequeue.store.JobEvent.Request;
import io.wavequeue.store.view.StoredJob.Output;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/** What an event is on Kafka: a CloudEvent 1.0 in structured JSON, and for failed jobs a dead letter or its tombstone. */
final class EventRecords {
    /** What the type of every event of a job begins with; the status follows, or {@link #ARCHIVED}. */
    static final String TYPE_PREFIX = "io.wavequeue.job.";

    /** All outputs of an ended job are archived. */
    static final String ARCHIVED = "archived";

    static final String CONTENT_TYPE = "application/cloudevents+json";

    private static final JsonFactory JSON = new JsonFactory();

    private final String installation;

    EventRecords(UUID installation) {
        this.installation = installation.toString();
    }

    List<ProducerRecord<byte[], byte[]>> of(JobEvent event) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(2);
        if (!event.letterOnly()) {
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(Topics.EVENTS, key(event), cloudEvent(event));
            record.headers().add("content-type", bytes(CONTENT_TYPE));
            records.add(record);
        }
        Request request = event.request();
        switch (event.letter()) {
            case LetterChange.None ignored -> {}
            case LetterChange.Put(Letter letter) when request != null -> records.add(letter(event, request, letter));
            case LetterChange.Put ignored -> records.add(tombstone(event));
            case LetterChange.Remove ignored -> records.add(tombstone(event));
        }
        return records;
    }

    private ProducerRecord<byte[], byte[]> letter(JobEvent event, Request request, Letter letter) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(Topics.DEAD_LETTERS, key(event), DeadLetterJson.of(event, request, letter));
        Headers headers = record.headers();
        headers.add(JobHeaders.SCHEMA, bytes(Integer.toString(JobHeaders.SCHEMA_VERSION)));
        headers.add(JobHeaders.INSTALLATION, bytes(installation));
        headers.add(JobHeaders.LANE, bytes(request.lane()));
        return record;
    }

    private static ProducerRecord<byte[], byte[]> tombstone(JobEvent event) {
        return new ProducerRecord<>(Topics.DEAD_LETTERS, key(event), null);
    }

    private byte[] cloudEvent(JobEvent event) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(768);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("specversion", "1.0");
            json.writeStringField("id", event.jobId() + "/" + event.version());
            json.writeStringField("source", "/wavequeue/" + installation);
            json.writeStringField(
                    "type",
                    TYPE_PREFIX + (event.archived() == null ? event.change().status() : ARCHIVED));
            json.writeStringField("subject", event.jobId().toString());
            json.writeStringField("time", event.at().toString());
            json.writeStringField("datacontenttype", "application/json");
            json.writeObjectFieldStart("data");
            data(json, event);
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /** Every field is always there, null where it is empty; those of the request are null when the job's row is gone. */
    private static void data(JsonGenerator json, JobEvent event) throws IOException {
        Change change = event.change();
        Request request = event.request();
        json.writeStringField("id", event.jobId().toString());
        json.writeNumberField("version", event.version());
        json.writeStringField("status", change.status());
        json.writeStringField("previous_status", change.previousStatus());
        json.writeStringField("hold_reason", change.holdReason());
        json.writeBooleanField("cancel_requested", change.cancelRequested());
        json.writeNumberField("attempt", change.attempt());
        json.writeStringField("model", request == null ? null : request.model());
        json.writeStringField("lane", request == null ? null : request.lane());
        json.writeStringField("reference", request == null ? null : request.reference());
        json.writeStringField(
                "batch_id",
                request == null || request.batchId() == null
                        ? null
                        : request.batchId().toString());
        DeadLetterJson.error(json, change.error());
        if (event.archived() != null) {
            outputs(json, event.archived());
        }
    }

    /** A lost one is left out, and keeps its number all the same: the API counts it. */
    private static void outputs(JsonGenerator json, List<Output> outputs) throws IOException {
        json.writeArrayFieldStart("outputs");
        for (int n = 0; n < outputs.size(); n++) {
            Output output = outputs.get(n);
            if (output.archivedAt() == null) {
                continue;
            }
            json.writeStartObject();
            json.writeNumberField("n", n);
            json.writeStringField("file", output.file());
            json.writeStringField("content_type", output.contentType());
            json.writeObjectField("bytes", output.bytes());
            json.writeStringField("sha256", output.sha256());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static byte[] key(JobEvent event) {
        return bytes(event.jobId().toString());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
