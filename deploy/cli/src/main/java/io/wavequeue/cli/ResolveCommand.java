package io.wavequeue.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.cli.client.BulkKind;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code wavequeue resolve adopt|resubmit|abandon}. */
@Command(
        name = "resolve",
        description = {
            "Decide about submits whose outcome nobody knows: they may have been charged.",
            "adopt: each gets the one prediction that may be its own. resubmit: they go again, and may be paid twice."
                    + " abandon: they fail."
        })
final class ResolveCommand extends BulkCommand {

    @Parameters(index = "0", paramLabel = "DECISION", description = "adopt, resubmit or abandon.")
    private String decision = "";

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "JOB",
            description = "Ids of jobs, as --job; without one, a filter selects.")
    private List<String> named = new ArrayList<>();

    ResolveCommand(Session session) {
        super(session, BulkKind.RESOLUTION);
    }

    @Override
    List<String> named() {
        return named;
    }

    @Override
    String question(String jobs) {
        return switch (decision) {
            case "adopt" -> "Adopt the predictions of " + jobs;
            case "resubmit" -> "Submit " + jobs + " again";
            default -> "Give up " + jobs;
        };
    }

    @Override
    String caution() {
        return switch (decision) {
            case "adopt" -> "";
            case "resubmit" -> "That may pay twice: the submits in doubt may have been charged.";
            default -> "What was charged stays charged.";
        };
    }

    @Override
    void complete(ObjectNode request) {
        if (!decision.matches("adopt|resubmit|abandon")) {
            throw wrong("'" + decision + "' is none of adopt, resubmit, abandon");
        }
        request.put("decision", decision);
    }
}
