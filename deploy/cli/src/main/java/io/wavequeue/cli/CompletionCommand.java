package io.wavequeue.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code wavequeue completion}. */
@Command(
        name = "completion",
        description = {
            "Print a script with which bash and zsh complete the words of this command.",
            "  source <(wavequeue completion)"
        })
final class CompletionCommand implements Callable<Integer> {

    private final Session session;

    @Spec
    private @Nullable CommandSpec spec;

    CompletionCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (spec != null) {
            CommandLine root = spec.root().commandLine();
            session.out().print(AutoComplete.bash("wavequeue", root));
        }
        return ExitCode.OK;
    }
}
