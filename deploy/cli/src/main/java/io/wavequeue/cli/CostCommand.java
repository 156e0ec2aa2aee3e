package io.wavequeue.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code wavequeue cost}. */
@Command(name = "cost", description = "Show what was estimated, charged and refunded.")
final class CostCommand implements Callable<Integer> {

    private static final String GROUPS = "model|day|batch|label:[^\\s:]+";

    private final Session session;

    @Mixin
    private final ApiOption api = new ApiOption();

    @Mixin
    private final AnswerPrinter printer = new AnswerPrinter();

    @Option(
            names = "--by",
            paramLabel = "GROUP",
            defaultValue = "model",
            description = "model, day, batch or label:<key> (default: ${DEFAULT-VALUE}).")
    private String groupBy = "model";

    @Spec
    private @Nullable CommandSpec spec;

    CostCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (!groupBy.matches(GROUPS) && spec != null) {
            throw new ParameterException(
                    spec.commandLine(), "--by '" + groupBy + "' is none of model, day, batch, label:<key>");
        }
        printer.print(session.out(), session.api(api.address).costs(groupBy), json -> CostText.of(json, groupBy));
        return ExitCode.OK;
    }
}
