package io.wavequeue.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One thing that is done to many jobs, or its dry run: a view of its JSON, in which everything but the status may be missing. */
public final class BulkRun {

    private final BulkKind kind;
    private final JsonNode json;
    private final String status;

    private BulkRun(BulkKind kind, JsonNode json, String status) {
        this.kind = kind;
        this.json = json;
        this.status = status;
    }

    /** Reads one; without a status it is none. */
    public static BulkRun of(BulkKind kind, JsonNode json) {
        String status = Json.text(json, "status");
        if (status == null) {
            throw new ApiUnreadableException("a " + kind.word() + " without status; is this Wavequeue's API?");
        }
        return new BulkRun(kind, json, status);
    }

    /** What is done. */
    public BulkKind kind() {
        return kind;
    }

    /** As it came. */
    public JsonNode json() {
        return json;
    }

    /** Its id; empty = a dry run, of which nothing is kept. */
    public String id() {
        String id = Json.text(json, "id");
        return id == null ? "" : id;
    }

    /** {@code planned}, {@code running}, {@code paused}, {@code aborted} or {@code done}. */
    public String status() {
        return status;
    }

    /** Whether it has been through all of its jobs, or never will be. */
    public boolean ended() {
        return status.equals("done") || status.equals("aborted");
    }

    /** Its jobs. */
    public long matched() {
        return count(json, "matched");
    }

    /** Its jobs to which it was done. */
    public long done() {
        return count(json, kind.done());
    }

    /** Records of the topic that became no jobs. */
    public long refused() {
        return count(json, "refused_count");
    }

    /** Its jobs that are left as they are, by reason, in the API's order. */
    public Map<String, Long> skipped() {
        return counts("skipped");
    }

    /** How many are left as they are. */
    public long leftAlone() {
        return skipped().values().stream().mapToLong(Long::longValue).sum();
    }

    /** Its jobs to which it was or will be done. */
    public long due() {
        return matched() - leftAlone();
    }

    /** Its jobs whose turn has not come. */
    public long waiting() {
        return matched() - leftAlone() - done();
    }

    /** What became of the replayed ones: how many are {@code succeeded}, {@code failed}, {@code under_way}. */
    public long outcome(String state) {
        return count(json.path("outcomes"), state);
    }

    /** The counts below a field, such as {@code by_error_class}. */
    public Map<String, Long> counts(String field) {
        Map<String, Long> counts = new LinkedHashMap<>();
        json.path(field).properties().forEach(one -> counts.put(one.getKey(), count(json.path(field), one.getKey())));
        return counts;
    }

    /** A whole number of it, such as {@code same_error}; 0 = it has none. */
    public long count(String field) {
        return count(json, field);
    }

    /** A text of it, such as {@code requested_by}; null = it has none. */
    public @Nullable String text(String field) {
        return Json.text(json, field);
    }

    /** What its jobs cost now; null = not known, or nothing of it costs anything. */
    public @Nullable BigDecimal estimatedUsd() {
        return Json.usd(json, "estimated_usd");
    }

    private static long count(JsonNode json, String field) {
        Long count = Json.whole(json, field);
        return count == null ? 0 : count;
    }
}
