package io.wavequeue.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.cli.client.BulkKind;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code wavequeue hold}, {@code wavequeue release}. */
@Command
final class HoldCommand extends BulkCommand {

    private final Turn turn;

    @Parameters(
            arity = "0..*",
            paramLabel = "JOB",
            description = "Ids of jobs, as --job; without one, a filter selects.")
    private List<String> named = new ArrayList<>();

    HoldCommand(Session session, Turn turn) {
        super(session, turn.kind);
        this.turn = turn;
    }

    /** Whether jobs are stopped or let go. */
    enum Turn {
        HOLD(BulkKind.HOLD, "Hold", "Keep jobs that wait from being submitted, until they are released."),
        RELEASE(BulkKind.RELEASE, "Release", "Let jobs go that `wavequeue hold` holds.");

        private final BulkKind kind;
        private final String verb;
        private final String description;

        Turn(BulkKind kind, String verb, String description) {
            this.kind = kind;
            this.verb = verb;
            this.description = description;
        }

        String word() {
            return kind.word();
        }

        String description() {
            return description;
        }
    }

    @Override
    List<String> named() {
        return named;
    }

    @Override
    String question(String jobs) {
        return turn.verb + " " + jobs;
    }

    @Override
    void complete(ObjectNode request) {
        // the filter says it all
    }
}
