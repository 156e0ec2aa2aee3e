package io.wavequeue.worker.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.worker.provider.FailureClassifier.Phase;
import java.time.Duration;
import java.time.InstantSource;

/** The real classifier, asked about answers that a simulated provider gives. */
public final class ProviderWords {
    private final FailureClassifier classifier;

    public ProviderWords(InstantSource clock) {
        this.classifier = new FailureClassifier(clock);
    }

    public SubmitAnswer submit(int status, JsonNode body) {
        return classifier.submit(new Answer(status, null, body));
    }

    public SubmitAnswer broken() {
        return classifier.broken(Phase.SENT, "reset");
    }

    public SubmitAnswer notConnected() {
        return classifier.broken(Phase.CONNECTING, "refused");
    }

    public SubmitAnswer tooLate() {
        return classifier.broken(Phase.TOO_LATE, "too late");
    }

    public SubmitAnswer noAnswerWithin(Duration timeout) {
        return classifier.noAnswerWithin(timeout);
    }

    public Prediction look(int status, JsonNode body) {
        return classifier.prediction(new Answer(status, null, body));
    }

    public static JsonNode accepted(String id) {
        ObjectNode data = JsonNodeFactory.instance.objectNode().put("id", id).put("status", "created");
        return envelope(200, "success").set("data", data);
    }

    public static ObjectNode envelope(int code, String message) {
        return JsonNodeFactory.instance.objectNode().put("code", code).put("message", message);
    }

    public static JsonNode unreadable() {
        return MissingNode.getInstance();
    }

    public static JsonNode open(String id) {
        return envelope(200, "success")
                .set("data", JsonNodeFactory.instance.objectNode().put("id", id).put("status", "processing"));
    }

    public static JsonNode completed(String id) {
        ObjectNode data = JsonNodeFactory.instance.objectNode().put("id", id).put("status", "completed");
        data.putArray("outputs").add("https://cdn.test/" + id + ".wav");
        return envelope(200, "success").set("data", data);
    }

    public static JsonNode ended(String id, String status, int code) {
        ObjectNode data = JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("status", status)
                .put("code", code);
        return envelope(200, "success").set("data", data);
    }
}
