package io.wavequeue.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;

/** A running stack with what measures it. */
final class Lab implements AutoCloseable {
    private final RunningStack stack;
    private final SimulatedProvider provider;
    private final JobRows jobs;
    private final HttpJson api;
    private final PrintStream progress;

    Lab(RunningStack stack, PrintStream progress) throws IOException, SQLException {
        this.stack = stack;
        this.provider = new SimulatedProvider(stack.simulator());
        this.jobs = new JobRows(stack.database("wavequeue"));
        this.api = new HttpJson(stack.api());
        this.progress = progress;
    }

    RunningStack stack() {
        return stack;
    }

    SimulatedProvider provider() {
        return provider;
    }

    JobRows jobs() {
        return jobs;
    }

    HttpJson api() {
        return api;
    }

    /** Has due jobs found now rather than in a moment, as an enqueuing API does. */
    void wakeDispatch() throws IOException, InterruptedException {
        api.post("/v1/account/resume", "");
    }

    /** A line for the person who waits. */
    void say(String line) {
        progress.println(line);
    }

    @Override
    public void close() throws SQLException {
        jobs.close();
    }
}
