package io.wavequeue.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The word {@code wavequeue} alone: says which commands there are. */
@Command(
        name = "wavequeue",
        description = "An asynchronous, money-safe job queue for paid audio generation.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        footerHeading = "%nEnvironment:%n",
        footer = {
            "  WAVEQUEUE_API_URL  address of the API, when --api is not given",
            "  WAVEQUEUE_API_KEY  sent to the API as a bearer token",
            "  NO_COLOR           no colours in this help; nothing else is coloured",
            "",
            "`wavequeue up` and `wavequeue test` are words of the launcher script in the",
            "repository's root, which also calls this program."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done as asked",
            "1:it ran, and its end is not what it should be (a cue, a check, a deadline)",
            "2:the command was written wrongly",
            "3:nothing answers at the API's address",
            "4:the API refused the request, or its answer makes no sense",
            "5:the manifest, its side file or its clips have faults; nothing was enqueued",
            "6:plan --exit-code: there is something to do",
            "7:the plan would come out differently by now; nothing was enqueued",
            "8:the lock file's takes would be bought again; nothing was enqueued",
            "9:not confirmed; nothing was enqueued or changed",
            "10:what is left waits for a person: held, paused, left alone by a guard, or named and left alone",
            "11:a file of this machine cannot be read or written",
            "70:a fault of this program",
            "130:interrupted; what was enqueued goes on"
        })
final class WavequeueCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        if (spec != null) {
            CommandLine self = spec.commandLine();
            throw new ParameterException(self, "a command is missing");
        }
    }
}
