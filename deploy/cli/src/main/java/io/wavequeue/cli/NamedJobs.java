package io.wavequeue.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.cli.client.BulkApi;
import io.wavequeue.cli.client.BulkKind;
import io.wavequeue.cli.client.BulkRun;
import java.util.ArrayList;
import java.util.List;

/**
 * Jobs that are named by their ids: whoever names one is told when nothing is to be done for it. A dry run only counts, so
 * halves of the list are asked about until it is clear which jobs the counts are about.
 */
final class NamedJobs {

    private static final int MOST_LOOKS = 64;
    private static final String NONE = "no such job, or the rest of the filter leaves it out";

    private final BulkApi api;
    private final BulkKind kind;
    private final ObjectNode request;
    private final List<String> lines = new ArrayList<>();
    private int looks;
    private int unsaid;

    private NamedJobs(BulkApi api, BulkKind kind, ObjectNode request) {
        this.api = api;
        this.kind = kind;
        this.request = request;
    }

    /** The ids in the filter of a request, or of what was made of it; empty = jobs were not named. */
    static List<String> of(JsonNode request) {
        JsonNode ids = request.path("filter").path("id");
        return ids.isTextual()
                ? List.of(ids.asText())
                : ids.valueStream().map(JsonNode::asText).distinct().toList();
    }

    /** Whether something was done for fewer jobs than were named. */
    static boolean leftOut(BulkRun run) {
        return run.done() < of(run.json()).size();
    }

    /** A line for each named job that the plan leaves as it is; empty = none is, or they were not named. */
    static List<String> leftAlone(BulkApi api, BulkKind kind, ObjectNode request, BulkRun plan)
            throws InterruptedException {
        NamedJobs jobs = new NamedJobs(api, kind, request);
        List<String> named = of(request);
        // the topic is read anew by each look
        if (!request.has("source")) {
            jobs.tell(named, plan);
        }
        if (jobs.unsaid > 0) {
            jobs.lines.add(
                    "%,d others: `wavequeue %s ID --jobs` tells, once it is made".formatted(jobs.unsaid, kind.words()));
        }
        return jobs.lines;
    }

    private void tell(List<String> ids, BulkRun plan) throws InterruptedException {
        if (plan.due() == ids.size()) {
            return;
        }
        List<String> reasons = plan.skipped().entrySet().stream()
                .filter(reason -> reason.getValue() == ids.size())
                .map(reason -> SkipText.explained(reason.getKey()))
                .toList();
        if (plan.matched() == 0) {
            ids.forEach(id -> lines.add(id + "  " + NONE));
        } else if (!reasons.isEmpty()) {
            ids.forEach(id -> lines.add(id + "  " + reasons.getFirst()));
        } else if (ids.size() == 1 || looks >= MOST_LOOKS) {
            unsaid += ids.size();
        } else {
            int half = ids.size() / 2;
            look(ids.subList(0, half));
            look(ids.subList(half, ids.size()));
        }
    }

    private void look(List<String> ids) throws InterruptedException {
        looks++;
        ObjectNode about = request.deepCopy();
        ArrayNode named = about.withObject("filter").putArray("id");
        ids.forEach(named::add);
        tell(ids, api.dryRun(kind, about));
    }
}
