package io.wavequeue.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code wavequeue status JOB_ID}. */
@Command(name = "status", description = "Show one job: its state, attempts, outputs, times and cost.")
final class StatusCommand implements Callable<Integer> {

    private final Session session;

    @Mixin
    private final ApiOption api = new ApiOption();

    @Mixin
    private final AnswerPrinter printer = new AnswerPrinter();

    @Parameters(paramLabel = "JOB_ID", description = "The job's id, as POST /v1/jobs answered it.")
    private String jobId = "";

    StatusCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException {
        printer.print(session.out(), session.api(api.address).job(jobId), JobText::of);
        return ExitCode.OK;
    }
}
