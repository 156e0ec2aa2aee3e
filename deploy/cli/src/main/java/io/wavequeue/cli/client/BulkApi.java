package io.wavequeue.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpRequest.BodyPublishers;
import org.jspecify.annotations.Nullable;

/** The part of Wavequeue's REST API that is about many jobs at once: failures in groups, and what is done about them. */
public final class BulkApi {

    private static final String JSON = "application/json";

    private final HttpJson http;

    /** Speaks to the API behind {@code http}. */
    public BulkApi(HttpJson http) {
        this.http = http;
    }

    /** Failed jobs in groups of the same error. */
    public ApiAnswer failures(Query query) throws InterruptedException {
        return http.get("/v1/failures" + query);
    }

    /** What it would be about; nothing is kept. */
    public BulkRun dryRun(BulkKind kind, ObjectNode request) throws InterruptedException {
        return send(kind, request.deepCopy().put("dry_run", true), null);
    }

    /** Makes it. Sent again with the same key, it answers with the first one. */
    public BulkRun create(BulkKind kind, ObjectNode request, String idempotencyKey) throws InterruptedException {
        BulkRun run = send(kind, request, idempotencyKey);
        if (run.id().isEmpty()) {
            throw new ApiUnreadableException("a " + kind.word() + " without id; is this Wavequeue's API?");
        }
        return run;
    }

    /** With the patience of a file of jobs: all of the jobs are chosen and checked before it is answered. */
    private BulkRun send(BulkKind kind, ObjectNode request, @Nullable String idempotencyKey)
            throws InterruptedException {
        JsonNode answer = http.send(path(kind), BodyPublishers.ofByteArray(Json.bytes(request)), JSON, idempotencyKey)
                .json();
        return BulkRun.of(kind, answer);
    }

    /** The newest ones. */
    public ApiAnswer list(BulkKind kind, int limit) throws InterruptedException {
        return http.get(path(kind) + new Query().add("limit", limit));
    }

    /** One of them. */
    public ApiAnswer get(BulkKind kind, String id) throws InterruptedException {
        return http.get(path(kind, id));
    }

    /**
     * Its first jobs, and what was done to each.
     *
     * @param outcome null = of all outcomes
     */
    public ApiAnswer jobs(BulkKind kind, String id, @Nullable String outcome, int limit) throws InterruptedException {
        return http.get(
                path(kind, id) + "/jobs" + new Query().add("outcome", outcome).add("limit", limit));
    }

    /** {@code pause}, {@code resume} or {@code abort}. */
    public ApiAnswer change(BulkKind kind, String id, String wish) throws InterruptedException {
        return http.wish(path(kind, id) + "/" + wish, new byte[0]);
    }

    private static String path(BulkKind kind) {
        return "/v1/" + kind.words();
    }

    private static String path(BulkKind kind, String id) {
        return path(kind) + "/" + Query.encoded(id);
    }
}
