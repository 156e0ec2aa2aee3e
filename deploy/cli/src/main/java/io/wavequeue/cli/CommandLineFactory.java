package io.wavequeue.cli;

import io.wavequeue.cli.client.BulkKind;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.OptionSpec;

/** Puts the commands together. A new command is a line here. */
final class CommandLineFactory {

    private CommandLineFactory() {}

    static CommandLine create(Session session) {
        Complaints complaints = new Complaints(session.err());
        CommandLine root = new CommandLine(new WavequeueCommand());
        root.getCommandSpec().version("wavequeue " + version());
        for (Callable<Integer> command : commands(session)) {
            root.addSubcommand(withHelp(new CommandLine(command)));
        }
        for (BatchWish wish : List.of(BatchWish.PAUSE, BatchWish.RESUME)) {
            add(root, wish.word(), wish.description(), new BatchWishCommand(session, wish));
        }
        add(root, BatchWish.CANCEL.word(), BatchWish.CANCEL.description(), new CancelCommand(session));
        for (HoldCommand.Turn turn : HoldCommand.Turn.values()) {
            add(root, turn.word(), turn.description(), new HoldCommand(session, turn));
        }
        for (BulkKind kind : BulkKind.values()) {
            addRecord(root, session, kind);
        }
        for (DecideCommand.Verdict verdict : DecideCommand.Verdict.values()) {
            add(root, verdict.word(), verdict.description(), new DecideCommand(session, verdict));
        }
        root.addSubcommand(new HelpCommand());
        return root.setOut(new PrintWriter(session.out(), true, session.out().charset()))
                .setErr(new PrintWriter(session.err(), true, session.err().charset()))
                .setParameterExceptionHandler(complaints::wrongUsage)
                .setExecutionExceptionHandler(complaints::failed);
    }

    private static List<Callable<Integer>> commands(Session session) {
        return List.of(
                new PlanCommand(session),
                new ApplyCommand(session),
                new WatchCommand(session),
                new StatusCommand(session),
                new ResultsCommand(session),
                new FailuresCommand(session),
                new ReplayCommand(session),
                new ResolveCommand(session),
                new BudgetCommand(session),
                new ModelsCommand(session),
                new CostCommand(session),
                new AccountCommand(session),
                new DemoCommand(session),
                new CompletionCommand(session));
    }

    /** One class of several words. */
    private static CommandLine add(CommandLine to, String word, String description, Callable<Integer> command) {
        CommandLine added = withHelp(new CommandLine(command));
        added.getCommandSpec().name(word).usageMessage().description(description);
        to.addSubcommand(word, added);
        return added;
    }

    private static void addRecord(CommandLine root, Session session, BulkKind kind) {
        CommandLine added =
                add(root, kind.words(), BulkRunsCommand.description(kind), new BulkRunsCommand(session, kind));
        for (BulkWishCommand.Wish wish : BulkWishCommand.Wish.values()) {
            add(added, wish.word(), wish.description(), new BulkWishCommand(session, kind, wish));
        }
    }

    /** Only the root has a version to show, so the standard pair of options is not for its commands. */
    private static CommandLine withHelp(CommandLine command) {
        command.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Show this help and exit.")
                        .build());
        return command;
    }

    private static String version() {
        String packaged = Main.class.getPackage().getImplementationVersion();
        return packaged == null ? "(not packaged)" : packaged;
    }
}
