package io.wavequeue.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code wavequeue account}. */
@Command(name = "account", description = "Show the account: tier, limits, use, balance and budget.")
final class AccountCommand implements Callable<Integer> {

    private final Session session;

    @Mixin
    private final ApiOption api = new ApiOption();

    @Mixin
    private final AnswerPrinter printer = new AnswerPrinter();

    AccountCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException {
        printer.print(session.out(), session.api(api.address).account(), Outline::of);
        return ExitCode.OK;
    }
}
