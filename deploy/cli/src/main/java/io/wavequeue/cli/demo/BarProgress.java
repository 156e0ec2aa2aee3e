package io.wavequeue.cli.demo;

import io.wavequeue.cli.client.Job;
import io.wavequeue.cli.screen.Money;
import io.wavequeue.cli.screen.StatusBar;
import io.wavequeue.cli.screen.Terminal;
import java.io.PrintStream;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * For a terminal: one bar at the bottom with what is done, running and spent; above it a line for each cue that ended or
 * needs a look.
 */
final class BarProgress implements Progress {

    private static final Set<String> WORTH_A_LINE = Set.of("succeeded", "failed", "cancelled", "held", "uncertain");

    private final StatusBar bar;
    private final Changes changes;

    BarProgress(PrintStream out, Terminal terminal, int cues, Changes changes) {
        this.changes = changes;
        this.bar = new StatusBar(out, terminal, "cues", cues);
    }

    @Override
    public void show(List<Job> jobs) {
        for (Job job : changes.of(jobs)) {
            if (job.terminal() ? job.done() : WORTH_A_LINE.contains(job.status())) {
                bar.above("  " + changes.line(job));
            }
        }
        long running = jobs.stream().filter(j -> j.status().equals("running")).count();
        Money spent = Money.sum(jobs.stream()
                .map(j -> j.cost("charged_usd"))
                .filter(Objects::nonNull)
                .toList());
        bar.show(jobs.stream().filter(Job::done).count(), running + " running, " + spent + " charged");
    }

    @Override
    public void note(String text) {
        bar.above("  " + text);
    }

    @Override
    public void close() {
        bar.close();
    }
}
