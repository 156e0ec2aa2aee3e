package io.wavequeue.cli;

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
        for (BatchWishCommand.Wish wish : BatchWishCommand.Wish.values()) {
            add(root, wish.word(), wish.description(), new BatchWishCommand(session, wish));
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
                new BudgetCommand(session),
                new ModelsCommand(session),
                new CostCommand(session),
                new AccountCommand(session),
                new DemoCommand(session),
                new CompletionCommand(session));
    }

    /** One class of several words. */
    private static void add(CommandLine root, String word, String description, Callable<Integer> command) {
        CommandLine added = withHelp(new CommandLine(command));
        added.getCommandSpec().name(word).usageMessage().description(description);
        root.addSubcommand(word, added);
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
