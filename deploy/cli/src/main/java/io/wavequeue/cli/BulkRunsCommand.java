package io.wavequeue.cli;

import io.wavequeue.cli.client.BulkApi;
import io.wavequeue.cli.client.BulkKind;
import io.wavequeue.cli.client.BulkRun;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code wavequeue replays [ID]}, and the same of the other kinds: the record of what was done to many jobs. */
@Command
final class BulkRunsCommand implements Callable<Integer> {

    private static final int RUNS = 20;
    private static final int JOBS = 100;

    private final Session session;
    private final BulkKind kind;

    @Mixin
    private final ApiOption api = new ApiOption();

    @Mixin
    private final AnswerPrinter printer = new AnswerPrinter();

    @Parameters(arity = "0..1", paramLabel = "ID", description = "One of them; without it, the newest are listed.")
    private @Nullable String id;

    @Option(names = "--jobs", description = "List its jobs, and what was done to each.")
    private boolean jobs;

    @Option(
            names = "--outcome",
            paramLabel = "OUTCOME",
            description = "--jobs of this outcome alone: what was done, waiting, or why they were left alone.")
    private @Nullable String outcome;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "List so many (default: " + RUNS + ", of jobs " + JOBS + ").")
    private @Nullable Integer limit;

    @Option(names = "--wait", description = "Follow it to its end.")
    private boolean wait;

    @Spec
    private @Nullable CommandSpec spec;

    BulkRunsCommand(Session session, BulkKind kind) {
        this.session = session;
        this.kind = kind;
    }

    static String description(BulkKind kind) {
        return "List the newest " + kind.words() + ", or show one: who made it, what came of it.";
    }

    @Override
    public Integer call() throws InterruptedException {
        BulkApi bulk = session.bulk(api.address);
        boolean listed = jobs || outcome != null;
        if (id == null && (listed || wait)) {
            throw BulkCommand.wrong(spec, "of which " + kind.word() + "? Its id is missing");
        }
        if (listed && wait) {
            throw BulkCommand.wrong(
                    spec,
                    "--wait follows the " + kind.word() + ", and " + (jobs ? "--jobs" : "--outcome")
                            + " lists its jobs: give one of them");
        }
        if (id == null) {
            printer.print(session.out(), bulk.list(kind, limit(RUNS)), page -> BulkText.list(kind, page));
        } else if (listed) {
            printer.print(session.out(), bulk.jobs(kind, id, outcome, limit(JOBS)), BulkText::jobs);
        } else if (wait) {
            return new BulkFollowing(session, bulk, kind, printer.json).follow(id, Map.of());
        } else {
            printer.print(session.out(), bulk.get(kind, id), json -> BulkText.of(BulkRun.of(kind, json)));
        }
        return ExitCode.OK;
    }

    private int limit(int usual) {
        return limit == null ? usual : limit;
    }
}
