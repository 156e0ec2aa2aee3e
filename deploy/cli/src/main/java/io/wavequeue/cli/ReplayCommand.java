package io.wavequeue.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.cli.client.BulkKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wavequeue replay [JOB…]}. */
@Command(
        name = "replay",
        description = {
            "Let failed jobs go again: some by their ids, or all that a filter selects.",
            "What it would be about, and cost, is shown first; then it asks."
        })
final class ReplayCommand extends BulkCommand {

    /** Whoever forces these buys what may be there, or come, unseen. */
    private static final Set<String> MAY_PAY_TWICE = Set.of("may_be_charged", "provider_has_it", "history_unread");

    @Parameters(
            arity = "0..*",
            paramLabel = "JOB",
            description = "Ids of jobs, as --job; without one, a filter selects them.")
    private List<String> named = new ArrayList<>();

    @Option(
            names = "--missing",
            description =
                    "All that --batch misses, whatever became of it: failed, cancelled, held by a person, output lost.")
    private boolean missing;

    @Option(
            names = "--from-topic",
            description =
                    "The dead letters of the Kafka topic, and not the database's jobs; --since and --until are the times of their failing.")
    private boolean fromTopic;

    @Mixin
    private final OverrideOptions overrides = new OverrideOptions();

    @Option(
            names = "--force",
            paramLabel = "REASON",
            description = "Replay also what is left alone for this reason, such as parked or moderated.")
    private List<String> force = new ArrayList<>();

    ReplayCommand(Session session) {
        super(session, BulkKind.REPLAY);
    }

    @Override
    List<String> named() {
        return named;
    }

    @Override
    String question(String jobs) {
        return "Replay " + jobs;
    }

    @Override
    ObjectNode selected() {
        if (missing && fromTopic) {
            throw wrong("--missing is about a batch's jobs, and --from-topic about dead letters: give one of them");
        }
        if (missing && !batchAlone()) {
            throw wrong("--missing is about a whole batch: give it --batch ID, and no other filter");
        }
        if (!fromTopic) {
            return super.selected();
        }
        refuseAllBesideFilter();
        return chosen(filter.timeless());
    }

    @Override
    String caution() {
        return force.stream().anyMatch(MAY_PAY_TWICE::contains)
                ? "That may pay twice: some may have been charged already."
                : "";
    }

    @Override
    void complete(ObjectNode request) {
        if (missing) {
            request.put("missing", true);
        }
        if (fromTopic) {
            fromTopic(request);
        }
        ObjectNode patch = overrides.patch(session.workingFolder());
        if (patch != null) {
            request.set("input_overrides", patch);
        }
        addAll(request, "force", force);
    }

    private void fromTopic(ObjectNode request) {
        request.put("source", "dead_letters");
        if (request.path("filter").isEmpty()) {
            request.remove("filter");
        }
        if (filter.since() != null) {
            request.put("since", filter.since());
        }
        if (filter.until() != null) {
            request.put("until", filter.until());
        }
    }
}
