package io.wavequeue.cli;

import io.wavequeue.cli.FakeApi.Reply;
import io.wavequeue.cli.FakeApi.Request;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/** The API's calls about one thing that is done to many jobs, with answers that a test sets. */
final class FakeBulk {

    static final String ID = "0198f7a0-0000-7000-8000-0000000000c1";

    private static final String DRY_RUN = "\"dry_run\":true";

    private final FakeApi api;
    private final String path;

    /** @param words such as {@code replays} */
    FakeBulk(FakeApi api, String words) {
        this.api = api;
        this.path = "/v1/" + words;
    }

    /** What a dry run says, and what is made then: both have these fields. */
    FakeBulk plan(String fields) {
        api.rule(
                "POST " + path,
                request -> request.body().contains(DRY_RUN)
                        ? new Reply(200, run("null", "planned", fields))
                        : new Reply(202, run("\"" + ID + "\"", "planned", fields)));
        return this;
    }

    /** What it is at each look; the last one stays. */
    FakeBulk then(String... states) {
        Queue<String> left = new ArrayDeque<>(List.of(states));
        api.rule("GET " + path + "/" + ID, _ -> new Reply(200, left.size() > 1 ? left.remove() : left.element()));
        return this;
    }

    /** It in a state, with these fields. */
    static String now(String status, String fields) {
        return run("\"" + ID + "\"", status, fields);
    }

    /** What was asked for, dry runs left out. */
    List<Request> made() {
        return api.requests("POST " + path).stream()
                .filter(request -> !request.body().contains(DRY_RUN))
                .toList();
    }

    private static String run(String id, String status, String fields) {
        return "{\"id\":" + id + ",\"status\":\"" + status + "\"," + fields + "}";
    }
}
