package io.wavequeue.simulator.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.wavequeue.simulator.account.Micros;
import io.wavequeue.simulator.account.Prediction;
import io.wavequeue.simulator.account.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A prediction as the provider shows it. */
final class PredictionJson {
    private PredictionJson() {}

    /** How the answer to a submit shows it: always {@code created}, whatever has become of it. */
    static void writeNew(JsonGenerator json, Prediction prediction, String baseUrl) throws IOException {
        write(json, prediction, Status.CREATED, baseUrl, false);
    }

    static void write(JsonGenerator json, Prediction prediction, String baseUrl, boolean withInput) throws IOException {
        write(json, prediction, prediction.status(), baseUrl, withInput);
    }

    private static void write(
            JsonGenerator json, Prediction prediction, Status status, String baseUrl, boolean withInput)
            throws IOException {
        boolean completed = status == Status.COMPLETED;
        boolean ended = status.isTerminal();
        json.writeStartObject();
        json.writeStringField("id", prediction.id());
        json.writeStringField("model", prediction.submission().model().id());
        json.writeArrayFieldStart("outputs");
        if (completed) {
            json.writeString(outputUrl(prediction, baseUrl));
        }
        json.writeEndArray();
        json.writeObjectFieldStart("urls");
        json.writeStringField("get", baseUrl + "/api/v3/predictions/" + prediction.id() + "/result");
        json.writeEndObject();
        json.writeArrayFieldStart("has_nsfw_contents");
        if (completed) {
            json.writeBoolean(false);
        }
        json.writeEndArray();
        json.writeStringField("status", status.text());
        json.writeStringField(
                "created_at", Micros.toInstant(prediction.acceptedAt()).toString());
        json.writeStringField("error", ended ? prediction.course().error() : "");
        if (ended && prediction.course().code() != 0) {
            json.writeNumberField("code", prediction.course().code());
        }
        long inference = ended ? prediction.course().runMs() : 0;
        json.writeNumberField("executionTime", inference);
        json.writeObjectFieldStart("timings");
        json.writeNumberField("inference", inference);
        json.writeEndObject();
        if (withInput) {
            json.writeFieldName("input");
            json.writeRawValue(new String(prediction.submission().body(), StandardCharsets.UTF_8));
        }
        json.writeEndObject();
    }

    private static String outputUrl(Prediction prediction, String baseUrl) {
        return baseUrl + "/outputs/" + prediction.id() + "."
                + prediction.submission().format().extension();
    }
}
