package io.wavequeue.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The part of Wavequeue's REST API that is about libraries: plans, batches, takes, source clips. */
public final class LibraryApi {

    private static final int LARGEST_PAGE = 1_000;

    /** A batch's jobs are counted at every call. */
    private static final int PAGE_OF_BATCHES = 50;

    private final HttpJson http;

    /** Speaks to the API behind {@code http}. */
    public LibraryApi(HttpJson http) {
        this.http = http;
    }

    /** A file of jobs that is on disk, with what is said about it beside its lines. */
    public record JobFile(Path file, String contentType, Query query) {}

    /**
     * What the file would make; nothing is enqueued.
     *
     * @param quoted whether the provider is asked for its prices, beside the catalogue's
     */
    public ApiAnswer plan(JobFile jobs, boolean quoted) throws InterruptedException {
        return send(jobs, new Query().add("dry_run", true).add("prices", quoted ? "quote" : null), null);
    }

    /** Enqueues what the plan names. Sent again with the same key, it answers with the first batch. */
    public Batch apply(JobFile jobs, String plan) throws InterruptedException {
        return Batch.of(send(jobs, new Query().add("plan", plan), "wavequeue-plan-" + plan)
                .json());
    }

    private ApiAnswer send(JobFile jobs, Query more, @Nullable String idempotencyKey) throws InterruptedException {
        String query = jobs.query().toString();
        String rest = more.toString();
        String all = query.isEmpty() ? rest : query + "&" + rest.substring(1);
        try {
            return http.send(
                    "/v1/batches" + all, BodyPublishers.ofFile(jobs.file()), jobs.contentType(), idempotencyKey);
        } catch (FileNotFoundException e) {
            throw new IllegalStateException("the file is gone while it is sent: " + jobs.file(), e);
        }
    }

    /** A plan that was made before. */
    public ApiAnswer plan(String id) throws InterruptedException {
        return http.get("/v1/plans/" + Query.encoded(id));
    }

    /** What a plan names, in the order of the file and the orphaned last; read {@code page} at a time. */
    public Iterable<JsonNode> planItems(String plan, int page) {
        return Page.all(cursor -> Page.of(http.get("/v1/plans/" + Query.encoded(plan) + "/items"
                + new Query().add("limit", Math.min(page, LARGEST_PAGE)).add("cursor", cursor))));
    }

    /** What a plan names with this action. */
    public Iterable<JsonNode> planItems(String plan, String action, int page) {
        return Page.all(cursor -> Page.of(http.get("/v1/plans/" + Query.encoded(plan) + "/items"
                + new Query()
                        .add("action", action)
                        .add("limit", Math.min(page, LARGEST_PAGE))
                        .add("cursor", cursor))));
    }

    /** All takes of a library, by cue and number. */
    public Iterable<JsonNode> takes(String library) {
        return Page.all(cursor -> Page.of(http.get("/v1/takes"
                + new Query().add("name", library).add("limit", LARGEST_PAGE).add("cursor", cursor))));
    }

    /** The takes of one cue; few enough for one page. */
    public Page takes(String library, String reference) throws InterruptedException {
        return Page.of(http.get("/v1/takes" + new Query().add("name", library).add("reference", reference)));
    }

    /** Says what a person thinks of a take: {@code pick}, {@code reject} or {@code clear}. */
    public ApiAnswer decide(String decision, String library, String reference, int take) throws InterruptedException {
        ObjectNode body =
                Json.object().put("name", library).put("reference", reference).put("take", take);
        return http.wish("/v1/takes/" + decision, Json.bytes(body));
    }

    /** Every library. */
    public Iterable<JsonNode> libraries() {
        return Page.all(cursor -> Page.of(http.get("/v1/libraries" + new Query().add("cursor", cursor))));
    }

    /** A library's batches, newest first. */
    public Iterable<JsonNode> batches(String library) {
        return Page.all(cursor -> batches(library, cursor));
    }

    /** A page of batches, newest first. @param library null = of all of them */
    public Page batches(@Nullable String library, @Nullable String cursor) throws InterruptedException {
        return Page.of(http.get("/v1/batches"
                + new Query().add("name", library).add("limit", PAGE_OF_BATCHES).add("cursor", cursor)));
    }

    /** One batch. */
    public ApiAnswer batch(String id) throws InterruptedException {
        return http.get(batchPath(id));
    }

    /** Empty when no batch has this id. */
    public Optional<ApiAnswer> findBatch(String id) throws InterruptedException {
        try {
            return Optional.of(batch(id));
        } catch (ApiRefusedException e) {
            if (e.status() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** One of its jobs that are held, to say why; empty when there is none any more. */
    public Optional<Job> heldJob(String id) throws InterruptedException {
        Page page = Page.of(http.get("/v1/jobs"
                + new Query().add("batch_id", id).add("status", "held").add("limit", 1)));
        return page.items().isEmpty()
                ? Optional.empty()
                : Optional.of(Job.of(page.items().get(0)));
    }

    /** {@code pause}, {@code resume} or {@code cancel}. */
    public ApiAnswer change(String id, String wish) throws InterruptedException {
        return http.wish(batchPath(id) + "/" + wish, new byte[0]);
    }

    /** What a batch may cost; null = no limit. */
    public ApiAnswer budget(String id, @Nullable BigDecimal usd) throws InterruptedException {
        return http.patch(batchPath(id), Json.bytes(Json.object().put("budget_usd", usd)));
    }

    /** A batch's events from now on, or from behind {@code lastId}. */
    public EventStream events(String id, @Nullable String lastId) throws InterruptedException, IOException {
        return http.events(batchPath(id) + "/events", lastId);
    }

    /** A batch's results in the form that the query asks for. */
    public void results(String id, Query query, Download to) throws InterruptedException {
        http.download(batchPath(id) + "/results" + query, to);
    }

    /** A library as an import file for Wwise; the query may have {@code root} and {@code parent}. */
    public void wwise(Query query, Download to) throws InterruptedException {
        http.download("/v1/takes/wwise" + query, to);
    }

    /** An archived file. */
    public void output(String job, int number, Download to) throws InterruptedException {
        http.download("/v1/jobs/" + Query.encoded(job) + "/outputs/" + number, to);
    }

    /** The reference of a clip that the API has; null when it has none with this content. */
    public @Nullable String clip(String sha256) throws InterruptedException {
        try {
            return audio(http.get("/v1/media/sha256:" + sha256), sha256);
        } catch (ApiRefusedException e) {
            if (e.status() == 404 || e.status() == 405) { // an API before this call knows uploads only
                return null;
            }
            throw e;
        }
    }

    /** Uploads a clip, and returns its reference. */
    public String upload(Path clip, String sha256) throws InterruptedException, FileNotFoundException {
        return audio(http.upload("/v1/media", Multipart.of(clip, sha256)), String.valueOf(clip));
    }

    private static String audio(ApiAnswer answer, String clip) {
        String reference = Json.text(answer.json(), "audio");
        if (reference == null) {
            throw new ApiUnreadableException("the answer to the clip " + clip + " names no 'audio'");
        }
        return reference;
    }

    private static String batchPath(String id) {
        return "/v1/batches/" + Query.encoded(id);
    }
}
