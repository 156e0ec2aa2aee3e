package io.wavequeue.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.cli.client.BulkKind;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code wavequeue cancel BATCH}, or the jobs that a filter selects. */
@Command
final class CancelCommand extends BulkCommand {

    @Parameters(arity = "0..1", paramLabel = "BATCH", description = "A batch's id: it ends, and is not asked about.")
    private @Nullable String batch;

    CancelCommand(Session session) {
        super(session, BulkKind.CANCELLATION);
    }

    @Override
    public Integer call() throws InterruptedException {
        if (batch == null) {
            return super.call();
        }
        refuseAllBut(Set.of("--json", "--api"), "is for jobs that a filter selects: write --batch " + batch);
        AnswerPrinter printer = new AnswerPrinter();
        printer.json = json;
        printer.print(
                session.out(),
                session.libraries(api.address).change(batch, BatchWish.CANCEL.word()),
                BatchWish.CANCEL::text);
        return ExitCode.OK;
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
