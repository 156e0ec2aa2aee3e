package io.wavequeue.cli.demo;

import io.wavequeue.cli.client.Job;
import io.wavequeue.cli.client.Pace;
import io.wavequeue.cli.screen.Printable;
import io.wavequeue.cli.screen.Seconds;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;

/** For pipes, logs and CI: one line for each change of a cue's state. */
final class PlainProgress implements Progress {

    private final PrintStream out;
    private final Pace pace;
    private final Instant start;
    private final Changes changes;

    PlainProgress(PrintStream out, Pace pace, Changes changes) {
        this.out = out;
        this.pace = pace;
        this.changes = changes;
        this.start = pace.instant();
    }

    @Override
    public void show(List<Job> jobs) {
        changes.of(jobs).forEach(job -> line(changes.line(job)));
    }

    @Override
    public void note(String text) {
        line(text);
    }

    @Override
    public void close() {
        out.flush();
    }

    private void line(String text) {
        out.println(String.format("%8s  ", Seconds.of(pace.since(start))) + Printable.line(text));
    }
}
