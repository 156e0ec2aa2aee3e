package io.wavequeue.cli;

import io.wavequeue.cli.demo.Demo;
import io.wavequeue.cli.demo.DemoSetting;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code wavequeue demo}, the part that runs once the stack is up. */
@Command(
        name = "demo",
        description = {
            "Run a small game-audio manifest to the end: upload clips, generate, download, check.",
            "Needs a running API; `./wavequeue demo` starts one and then calls this.",
            "One cue fails on purpose, to show how a failure looks."
        })
final class DemoCommand implements Callable<Integer> {

    private final Session session;

    @Mixin
    private final ApiOption api = new ApiOption();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "wavequeue-data",
            description = "The stack's data folder, whose `outputs` holds the audio (default: ./${DEFAULT-VALUE}).")
    private Path out = Path.of("wavequeue-data");

    @Option(
            names = "--simulator",
            paramLabel = "URL",
            description = "Address of the simulator; its ledger is compared with our charges.")
    private @Nullable String simulator;

    DemoCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException {
        Demo demo = new Demo(
                session.api(api.address),
                simulator == null ? null : session.keyless(simulator),
                new DemoSetting(session.out(), session.terminal(), session.pace(), session.ids()),
                out,
                session.workingFolder());
        return demo.run() ? ExitCode.OK : ExitCode.FAILED;
    }
}
