package io.wavequeue.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.cli.client.BulkKind;
import io.wavequeue.cli.client.BulkRun;
import io.wavequeue.cli.screen.Counted;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Jobs that are named by their ids: whoever names one is told when nothing is to be done for it. */
final class NamedJobs {

    /** Of these the API's message says what speaks against the one job, such as a prediction to look at. */
    private static final Set<String> WITH_EVIDENCE = Set.of("provider_has_it", "history_unread");

    private NamedJobs() {}

    /** The ids in the filter of a request, or of what was made of it; empty = jobs were not named. */
    static Set<String> of(JsonNode request) {
        JsonNode ids = request.path("filter").path("id");
        Set<String> named = new HashSet<>();
        if (ids.isTextual()) {
            named.add(ids.asText());
        }
        ids.forEach(id -> named.add(id.asText()));
        return named;
    }

    /** Whether something was done for fewer jobs than were named. */
    static boolean leftOut(BulkRun run) {
        return run.done() < of(run.json()).size();
    }

    /** A line for each job that the plan leaves as it is, as far as it names them; empty = none is, or they were not named. */
    static List<String> leftAlone(JsonNode request, BulkKind kind, BulkRun plan) {
        int named = of(request).size();
        List<String> lines = new ArrayList<>();
        if (plan.due() >= named) {
            return lines;
        }
        plan.json()
                .path("skipped_jobs")
                .forEach(job -> lines.add(job.path("job_id").asText() + "  " + why(job)));
        long others = plan.matched() - plan.due() - lines.size();
        if (others > 0) {
            lines.add("%s more: `wavequeue %s ID --jobs` tells, once it is made"
                    .formatted(Counted.of(others, "job"), kind.words()));
        }
        if (plan.matched() < named) {
            lines.add(Counted.of(named - plan.matched(), "job") + " left out by the rest of the filter");
        }
        return lines;
    }

    private static String why(JsonNode job) {
        String outcome = job.path("outcome").asText();
        return WITH_EVIDENCE.contains(outcome)
                ? outcome + ": " + ApiWords.translated(job.path("message").asText())
                : SkipText.explained(outcome);
    }
}
