package io.wavequeue.simulator.account;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.simulator.audio.AudioFormat;
import io.wavequeue.simulator.catalogue.Catalogue;
import io.wavequeue.simulator.catalogue.ModelSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** How an acceptance is written into the journal and read back. */
final class PredictionEvent {
    static final String NAME = "accepted";

    private PredictionEvent() {}

    static void write(JsonGenerator json, Prediction prediction) throws IOException {
        Prediction.Submission submission = prediction.submission();
        Course course = prediction.course();
        json.writeStringField("event", NAME);
        json.writeStringField("id", prediction.id());
        json.writeStringField("model", submission.model().id());
        json.writeNumberField("at", prediction.acceptedAt());
        json.writeNumberField("price", submission.price());
        json.writeStringField("format", submission.format().extension());
        json.writeNumberField("clip_seconds", submission.clipSeconds());
        json.writeNumberField("draw", prediction.draw());
        json.writeNumberField("run_ms", course.runMs());
        json.writeStringField("end", course.end().text());
        json.writeNumberField("code", course.code());
        json.writeStringField("error", course.error());
        json.writeStringField("marker", submission.marker().hex());
        json.writeBooleanField("base64", submission.base64());
        json.writeBooleanField("foreign", submission.foreign());
        Terms terms = prediction.terms();
        json.writeNumberField("listed_after_ms", terms.listedAfterMs());
        json.writeNumberField("refund_after_ms", terms.refundAfterMs());
        json.writeNumberField("charges", terms.charges());
        Webhook webhook = submission.webhook();
        if (webhook != null) {
            json.writeStringField("webhook", webhook.url());
            json.writeStringField("server", webhook.server());
            json.writeStringField("key_hash", webhook.keyHash());
        }
        json.writeStringField("body", new String(submission.body(), StandardCharsets.UTF_8));
    }

    static Prediction read(JsonNode json, Catalogue catalogue) {
        ModelSpec model = catalogue.find(json.path("model").asText());
        AudioFormat format = AudioFormat.ofExtension(json.path("format").asText());
        if (model == null || format == null) {
            throw new IllegalStateException(
                    "the journal names a model or format that this version does not know: " + json.path("id"));
        }
        byte[] body = json.path("body").asText().getBytes(StandardCharsets.UTF_8);
        BodyHash hash = BodyHash.of(body);
        Prediction.Submission submission = new Prediction.Submission(
                model,
                body,
                hash,
                json.has("marker") ? BodyHash.ofHex(json.path("marker").asText()) : hash,
                json.path("price").decimalValue().setScale(6),
                format,
                json.path("clip_seconds").decimalValue(),
                json.path("base64").asBoolean(),
                webhook(json),
                json.path("foreign").asBoolean());
        Course course = new Course(
                json.path("run_ms").asLong(),
                Status.of(json.path("end").asText()),
                json.path("code").asInt(),
                json.path("error").asText());
        return new Prediction(
                json.path("id").asText(),
                submission,
                json.path("at").asLong(),
                json.path("draw").asLong(),
                course,
                new Terms(
                        json.path("listed_after_ms").asLong(),
                        json.path("refund_after_ms").asLong(Terms.AS_SET),
                        json.path("charges").asInt(1)));
    }

    private static @Nullable Webhook webhook(JsonNode json) {
        return json.has("webhook")
                ? new Webhook(
                        json.path("webhook").asText(),
                        json.path("server").asText(),
                        json.path("key_hash").asText())
                : null;
    }
}
