package io.wavequeue.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/** Wavequeue's REST API, call by call, as far as the command line needs it. */
public final class WavequeueApi {

    private final HttpJson http;

    /** Speaks to the API behind {@code http}. */
    public WavequeueApi(HttpJson http) {
        this.http = http;
    }

    /** Where it listens. */
    public ApiAddress address() {
        return http.address();
    }

    /** The whole catalogue. */
    public ApiAnswer models() throws InterruptedException {
        return http.get("/v1/models");
    }

    /** One model; the slashes of its id are part of the path. */
    public ApiAnswer model(String id) throws InterruptedException {
        String path = Arrays.stream(id.split("/")).map(Query::encoded).collect(Collectors.joining("/"));
        return http.get("/v1/models/" + path);
    }

    /** One job. */
    public ApiAnswer job(String id) throws InterruptedException {
        return http.get("/v1/jobs/" + Query.encoded(id));
    }

    /** The newest {@code limit} jobs with this label, newest first. */
    public List<Job> labelled(String key, String value, int limit) throws InterruptedException {
        JsonNode page = http.get("/v1/jobs?label=" + Query.encoded(key + ":" + value) + "&limit=" + limit)
                .json();
        if (!page.path("items").isArray()) {
            throw new ApiUnreadableException("the list of jobs has no 'items'; is this Wavequeue's API?");
        }
        List<Job> jobs = new ArrayList<>();
        for (JsonNode item : page.path("items")) {
            jobs.add(Job.of(item));
        }
        return jobs;
    }

    /** Tier, limits, use and budget. */
    public ApiAnswer account() throws InterruptedException {
        return http.get("/v1/account");
    }

    /** Costs in groups: {@code model}, {@code day}, {@code batch} or {@code label:<key>}. */
    public ApiAnswer costs(String groupBy) throws InterruptedException {
        return http.get("/v1/costs?group_by=" + Query.encoded(groupBy));
    }

    /** Enqueues one request; the same key with the same body again answers with the first job. */
    public Job submit(JsonNode request, UUID idempotencyKey) throws InterruptedException {
        return Job.of(http.post("/v1/jobs", Json.bytes(request), idempotencyKey.toString())
                .json());
    }

    /** Uploads a WAV file and returns the reference that an {@code audio} input takes. */
    public String uploadWav(String filename, byte[] content) throws InterruptedException {
        JsonNode answer = http.upload("/v1/media", Multipart.of(filename, "audio/wav", content))
                .json();
        String reference = Json.text(answer, "audio");
        if (reference == null) {
            throw new ApiUnreadableException("the answer to the upload of " + filename + " names no 'audio'");
        }
        return reference;
    }
}
