package io.wavequeue.simulator.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.wavequeue.simulator.account.Account;
import io.wavequeue.simulator.account.Micros;
import io.wavequeue.simulator.account.Prediction;
import io.wavequeue.simulator.account.Setting;
import io.wavequeue.simulator.account.Settings;
import io.wavequeue.simulator.account.Status;
import io.wavequeue.simulator.audio.AudioFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A prediction as the provider shows it under the present settings. */
final class PredictionJson {
    private static final DateTimeFormatter MILLIS = time("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'");
    private static final DateTimeFormatter NANOS = time("yyyy-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'");
    private static final DateTimeFormatter SECONDS = time("yyyy-MM-dd'T'HH:mm:ss'Z'");

    private final Account account;
    private final AudioFiles files;

    PredictionJson(Account account, AudioFiles files) {
        this.account = account;
        this.files = files;
    }

    private static DateTimeFormatter time(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
    }

    /** How the answer to a submit shows it: in its first status, whatever has become of it, unless a setting says otherwise. */
    void writeNew(JsonGenerator json, Prediction prediction, String server) throws IOException {
        String shown = account.settings().get(Setting.SUBMIT_STATUS);
        if (shown.equals("current")) {
            account.advance();
            write(json, prediction, prediction.status().text(), server, null);
        } else {
            write(json, prediction, shown, server, null);
        }
    }

    /** How the answer to a submit in sync mode shows it when the wait is over before the prediction is. */
    void writeTimedOut(JsonGenerator json, Prediction prediction, String server) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", prediction.id());
        json.writeStringField("model", prediction.submission().model().id());
        json.writeArrayFieldStart("outputs");
        json.writeEndArray();
        writeUrls(json, prediction, server);
        json.writeStringField("status", "processing");
        json.writeStringField("created_at", time(prediction.acceptedAt()));
        json.writeStringField("error", "sync mode timed out; the prediction goes on");
        json.writeNumberField("code", 5004);
        json.writeEndObject();
    }

    void writeResult(JsonGenerator json, Prediction prediction, String server) throws IOException {
        boolean withInput = account.settings().get(Setting.RESULT_INPUT);
        write(json, prediction, prediction.status().text(), server, withInput ? "input" : null);
    }

    void writeListed(JsonGenerator json, Prediction prediction, String server) throws IOException {
        Settings settings = account.settings();
        write(
                json,
                prediction,
                prediction.status().text(),
                server,
                settings.get(Setting.HISTORY_INPUT) ? settings.get(Setting.HISTORY_INPUT_NAME) : null);
    }

    /** What a webhook tells. */
    void writeTold(JsonGenerator json, Prediction prediction, String server, String status) throws IOException {
        write(json, prediction, status, server, "input");
    }

    private void write(
            JsonGenerator json, Prediction prediction, String status, String server, @Nullable String inputName)
            throws IOException {
        boolean completed = status.equals(Status.COMPLETED.text());
        boolean all = account.settings().is(Setting.FIELDS, "all");
        json.writeStartObject();
        json.writeStringField("id", prediction.id());
        json.writeStringField("status", status);
        if (all || completed) {
            json.writeArrayFieldStart("outputs");
            if (completed) {
                json.writeString(output(prediction, server));
            }
            json.writeEndArray();
        }
        if (all) {
            writeDetails(json, prediction, status, server);
        }
        if (inputName != null) {
            json.writeFieldName(inputName);
            json.writeRawValue(new String(prediction.submission().body(), StandardCharsets.UTF_8));
        }
        json.writeEndObject();
    }

    private void writeDetails(JsonGenerator json, Prediction prediction, String status, String server)
            throws IOException {
        boolean ended = prediction.endedAt() >= 0 && prediction.status().text().equals(status);
        json.writeStringField("model", prediction.submission().model().id());
        writeUrls(json, prediction, server);
        writeNsfw(json, status);
        json.writeStringField("created_at", time(prediction.acceptedAt()));
        json.writeStringField("error", ended ? prediction.course().error() : "");
        if (ended && prediction.course().code() != 0) {
            json.writeNumberField("code", prediction.course().code());
        }
        long inference = ended ? Math.max(0, prediction.course().runMs()) : 0;
        json.writeNumberField("executionTime", inference);
        json.writeObjectFieldStart("timings");
        json.writeNumberField("inference", inference);
        json.writeEndObject();
    }

    private void writeUrls(JsonGenerator json, Prediction prediction, String server) throws IOException {
        String style = account.settings().get(Setting.POLL_URL);
        if (!style.equals("none")) {
            json.writeObjectFieldStart("urls");
            json.writeStringField(
                    "get", server + "/api/v3/predictions/" + prediction.id() + (style.equals("bare") ? "" : "/result"));
            json.writeEndObject();
        }
    }

    private void writeNsfw(JsonGenerator json, String status) throws IOException {
        switch (account.settings().get(Setting.NSFW)) {
            case "absent" -> {}
            case "null" -> json.writeNullField("has_nsfw_contents");
            default -> {
                json.writeArrayFieldStart("has_nsfw_contents");
                if (status.equals(Status.COMPLETED.text())) {
                    json.writeBoolean(false);
                }
                json.writeEndArray();
            }
        }
    }

    private String time(long micros) {
        Instant time = Micros.toInstant(micros);
        return switch (account.settings().get(Setting.TIME_FRACTION)) {
            case "millis" -> MILLIS.format(time);
            case "nanos" -> NANOS.format(time);
            case "none" -> SECONDS.format(time);
            default -> time.toString();
        };
    }

    private String output(Prediction prediction, String server) {
        Prediction.Submission submission = prediction.submission();
        if (submission.base64()) {
            return Base64.getEncoder()
                    .encodeToString(files.make(submission.format(), prediction.id(), submission.clipSeconds()));
        }
        return server + "/outputs/" + prediction.id() + "."
                + submission.format().extension();
    }
}
