package io.wavequeue.cli;

import java.math.BigDecimal;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code wavequeue budget BATCH USD}. */
@Command(
        name = "budget",
        description = "Say what a batch may cost in all. A higher budget lets go what it covers of what is held.")
final class BudgetCommand implements Callable<Integer> {

    private final Session session;

    @Mixin
    private final ApiOption api = new ApiOption();

    @Mixin
    private final AnswerPrinter printer = new AnswerPrinter();

    @Parameters(index = "0", paramLabel = "BATCH", description = "The batch's id.")
    private String batch = "";

    @Parameters(index = "1", paramLabel = "USD", description = "An amount, or none for no limit.")
    private String usd = "";

    @Spec
    private @Nullable CommandSpec spec;

    BudgetCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException {
        printer.print(session.out(), session.libraries(api.address).budget(batch, amount()), BatchText::of);
        return ExitCode.OK;
    }

    /** Null = no limit. */
    private @Nullable BigDecimal amount() {
        if (usd.equals("none")) {
            return null;
        }
        try {
            return new BigDecimal(usd);
        } catch (NumberFormatException e) {
            if (spec != null) {
                throw new ParameterException(spec.commandLine(), "'" + usd + "' is neither an amount nor none", e);
            }
            throw e;
        }
    }
}
