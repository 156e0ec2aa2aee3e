package io.wavequeue.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** A batch as the API shows it: a view of its JSON, in which everything but id and status may be missing. */
public final class Batch {

    private final JsonNode json;
    private final String id;
    private final String status;

    private Batch(JsonNode json, String id, String status) {
        this.json = json;
        this.id = id;
        this.status = status;
    }

    /** Reads one batch; without id or status it is none. */
    public static Batch of(JsonNode json) {
        String id = Json.text(json, "id");
        String status = Json.text(json, "status");
        if (id == null || status == null) {
            throw new ApiUnreadableException("a batch without id or status; is this Wavequeue's API?");
        }
        return new Batch(json, id, status);
    }

    /** As it came. */
    public JsonNode json() {
        return json;
    }

    /** The batch's id. */
    public String id() {
        return id;
    }

    /** {@code running}, {@code paused}, {@code cancelled} or {@code done}. */
    public String status() {
        return status;
    }

    /** The library that it is for; null = none. */
    public @Nullable String name() {
        return Json.text(json, "name");
    }

    /** When it was made, as the API writes times. */
    public String createdAt() {
        String at = Json.text(json, "created_at");
        return at == null ? "-" : at;
    }

    /** Whether something may still happen to its jobs, but for archiving. */
    public boolean open() {
        return !status.equals("done") && Json.text(json, "done_at") == null;
    }

    /** Its jobs in a state, or {@code total}, or {@code archived}. */
    public long count(String state) {
        Long count = Json.whole(json.path("counts"), state);
        return count == null ? 0 : count;
    }

    /** Its jobs that have ended. */
    public long ended() {
        return count("succeeded") + count("failed") + count("cancelled");
    }

    /** Its jobs that are with the provider, or may be: they are paid. */
    public long underWay() {
        return count("submitting") + count("uncertain") + count("running");
    }

    /** An amount of its cost, such as {@code charged_usd}; null = not known. */
    public @Nullable BigDecimal cost(String field) {
        return Json.usd(json.path("cost"), field);
    }

    /** Seconds until all that is not held will have ended; null = that cannot be said. */
    public @Nullable Long etaSeconds() {
        return Json.whole(json, "eta_seconds");
    }
}
