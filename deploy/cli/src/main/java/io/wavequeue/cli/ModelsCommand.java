package io.wavequeue.cli;

import io.wavequeue.cli.client.WavequeueApi;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code wavequeue models [MODEL]}. */
@Command(name = "models", description = "List the models and their prices, or show one model's inputs.")
final class ModelsCommand implements Callable<Integer> {

    private final Session session;

    @Mixin
    private final ApiOption api = new ApiOption();

    @Mixin
    private final AnswerPrinter printer = new AnswerPrinter();

    @Parameters(arity = "0..1", paramLabel = "MODEL", description = "A model's id; without it, all are listed.")
    private @Nullable String model;

    ModelsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException {
        WavequeueApi wavequeue = session.api(api.address);
        if (model == null) {
            printer.print(session.out(), wavequeue.models(), ModelsText::list);
        } else {
            printer.print(session.out(), wavequeue.model(model), Outline::of);
        }
        return ExitCode.OK;
    }
}
