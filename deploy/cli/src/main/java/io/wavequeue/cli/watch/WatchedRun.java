package io.wavequeue.cli.watch;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.cli.client.BulkRun;
import java.util.ArrayList;
import java.util.List;

/**
 * Something done to many jobs that is followed: through all of its jobs, and then, as a replay does, until the jobs
 * themselves have ended.
 */
public record WatchedRun(BulkRun run) implements Watched {

    private static final List<String> OUTCOMES = List.of("succeeded", "failed", "cancelled", "held", "under_way");

    @Override
    public String kind() {
        return run.kind().word();
    }

    @Override
    public JsonNode json() {
        return run.json();
    }

    @Override
    public long total() {
        return run.matched();
    }

    @Override
    public long ended() {
        return run.leftAlone() + run.done() - underWay() - held();
    }

    @Override
    public boolean open() {
        return !run.ended() || underWay() > 0 || held() > 0;
    }

    @Override
    public boolean still() {
        return underWay() == 0 && (run.status().equals("paused") || (run.ended() && held() > 0));
    }

    @Override
    public String counts() {
        List<String> parts = new ArrayList<>();
        parts.add(
                "%,d of %,d %s".formatted(run.done(), run.matched(), run.kind().done()));
        add(parts, run.leftAlone(), "left alone");
        OUTCOMES.forEach(state -> add(parts, run.outcome(state), state.replace('_', ' ')));
        if (run.status().equals("paused")) {
            parts.add("paused");
        }
        return String.join(", ", parts);
    }

    @Override
    public String pace(Rate rate) {
        return rate.text();
    }

    @Override
    public String beside(Rate rate) {
        List<String> parts = new ArrayList<>();
        parts.add("%,d %s".formatted(run.done(), run.kind().done()));
        add(parts, underWay(), "under way");
        add(parts, run.outcome("failed"), "failed");
        add(parts, held(), "held");
        if (!rate.text().isEmpty()) {
            parts.add(rate.text());
        }
        return String.join(", ", parts);
    }

    private static void add(List<String> parts, long count, String what) {
        if (count > 0) {
            parts.add("%,d %s".formatted(count, what));
        }
    }

    private long underWay() {
        return run.outcome("under_way");
    }

    private long held() {
        return run.outcome("held");
    }
}
