package io.wavequeue.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.cli.client.ApiRefusedException;
import io.wavequeue.cli.client.BulkKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code wavequeue cancel BATCH}, {@code wavequeue cancel JOB…}, or the jobs that a filter selects. */
@Command
final class CancelCommand extends BulkCommand {

    private static final int NOT_FOUND = 404;

    @Parameters(
            arity = "0..*",
            paramLabel = "BATCH|JOB",
            description = {
                "A batch's id: it ends, and is not asked about.",
                "Or ids of jobs, as --job; without one, a filter selects."
            })
    private List<String> named = new ArrayList<>();

    CancelCommand(Session session) {
        super(session, BulkKind.CANCELLATION);
    }

    @Override
    public Integer call() throws InterruptedException {
        if (named.size() == 1 && cancelledAsBatch(named.getFirst())) {
            return ExitCode.OK;
        }
        return super.call();
    }

    @Override
    List<String> named() {
        return named;
    }

    /** False when no batch has the id: then it is a job's. */
    private boolean cancelledAsBatch(String id) throws InterruptedException {
        refuseAllBut(
                Set.of("--json", "--api"),
                "is for jobs that a filter selects: write --batch " + id + ", or --job " + id
                        + " where it is a job's id");
        try {
            AnswerPrinter printer = new AnswerPrinter();
            printer.json = json;
            printer.print(
                    session.out(),
                    session.libraries(api.address).change(id, BatchWish.CANCEL.word()),
                    BatchWish.CANCEL::text);
            return true;
        } catch (ApiRefusedException e) {
            if (e.status() != NOT_FOUND || !Targets.isId(id)) {
                throw e;
            }
            session.err().println("wavequeue: no batch has the id " + id + ": it is taken as a job's");
            return false;
        }
    }

    @Override
    String question(String jobs) {
        return "Cancel " + jobs;
    }

    @Override
    String caution() {
        return "What was charged stays charged.";
    }

    @Override
    void complete(ObjectNode request) {
        // the filter says it all
    }
}
