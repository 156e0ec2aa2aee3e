package io.wavequeue.cli;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.stream.Collectors;

/** The API's calls about one library, with answers that a test sets. */
final class FakeLibrary {

    static final String PLAN = "0198f7a0-0000-7000-8000-000000000001";
    static final String BATCH = "0198f7a0-0000-7000-8000-0000000000b1";
    static final String CATALOGUE = """
            {"items":[
             {"id":"x/music","schema":{"properties":{"prompt":{},"duration":{},"seed":{}}},"media_fields":[]},
             {"id":"x/inpaint","schema":{"properties":{"audio":{},"prompt":{},"duration":{}}},"media_fields":["audio"]}]}""";

    private final FakeApi api;
    private final List<String> items = new ArrayList<>();
    private final List<String> takes = new ArrayList<>();

    FakeLibrary(FakeApi api) {
        this.api = api;
        api.reply("/v1/models", 200, CATALOGUE);
        api.rule("GET /v1/plans/" + PLAN + "/items?", request -> page(items(request.target())));
        api.rule("GET /v1/takes?", _ -> page(takes));
        api.rule("GET /v1/batches?", _ -> page(List.of()));
        api.rule("GET /v1/libraries", _ -> page(List.of("{\"name\":\"sfx\",\"cues\":2,\"takes\":3}")));
    }

    /** The plan that dry runs are answered with. */
    FakeLibrary plan(String counts) {
        String plan = plan(PLAN, counts);
        api.rule(
                "POST /v1/batches?",
                request -> request.target().contains("dry_run=true")
                        ? new FakeApi.Reply(200, plan)
                        : new FakeApi.Reply(202, batch("done", "\"total\":2,\"succeeded\":2,\"archived\":2")));
        api.reply("/v1/plans/" + PLAN, 200, plan);
        return this;
    }

    private static String plan(String id, String counts) {
        return "{\"id\":\"" + id + "\",\"name\":\"sfx\"," + counts + "}";
    }

    FakeLibrary item(String json) {
        items.add(json);
        return this;
    }

    FakeLibrary take(String json) {
        takes.add(json);
        return this;
    }

    /** What the batch is at each look; the last one stays. */
    void batchIs(String... states) {
        Queue<String> left = new ArrayDeque<>(List.of(states));
        api.rule(
                "GET /v1/batches/" + BATCH,
                _ -> new FakeApi.Reply(200, left.size() > 1 ? left.remove() : left.element()));
    }

    /** A batch in a state, with these counts. */
    static String batch(String status, String counts) {
        return "{\"id\":\"" + BATCH + "\",\"name\":\"sfx\",\"status\":\"" + status + "\",\"counts\":{" + counts
                + "},\"cost\":{\"estimated_usd\":0.0651,\"charged_usd\":0.0434,\"refunded_usd\":null,\"budget_usd\":5},"
                + "\"eta_seconds\":null,\"created_at\":\"2026-11-21T03:00:00Z\",\"done_at\":"
                + (status.equals("done") ? "\"2026-11-21T03:01:00Z\"" : "null") + "}";
    }

    private List<String> items(String target) {
        return target.contains("action=orphaned")
                ? items.stream().filter(item -> item.contains("orphaned")).toList()
                : items;
    }

    private static FakeApi.Reply page(List<String> items) {
        return new FakeApi.Reply(
                200, items.stream().collect(Collectors.joining(",", "{\"items\":[", "],\"next_cursor\":null}")));
    }
}
