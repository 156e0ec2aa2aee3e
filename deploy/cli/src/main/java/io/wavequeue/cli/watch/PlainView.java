package io.wavequeue.cli.watch;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.cli.client.Job;
import io.wavequeue.cli.client.Pace;
import io.wavequeue.cli.screen.Printable;
import io.wavequeue.cli.screen.Seconds;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** For pipes, logs and CI: a line every few seconds in which something happened, and one for each job that failed. */
public final class PlainView implements WatchView {

    private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);

    private final PrintStream out;
    private final Pace pace;
    private final Instant start;
    private final Rate rate = new Rate();

    private String told = "";
    private @Nullable Instant toldAt;

    /** Writes there. */
    public PlainView(PrintStream out, Pace pace) {
        this.out = out;
        this.pace = pace;
        this.start = pace.instant();
    }

    @Override
    public void show(Watched now) {
        rate.saw(pace.instant(), now.ended());
        String counts = now.counts();
        boolean due = toldAt == null || pace.since(toldAt).compareTo(BETWEEN_LINES) >= 0 || !now.open();
        if (due && !counts.equals(told)) {
            told = counts;
            toldAt = pace.instant();
            String beside = now.pace(rate);
            line(counts + (beside.isEmpty() ? "" : ", " + beside));
        }
    }

    @Override
    public void job(JsonNode json) {
        String failed = failed(Job.of(json));
        if (failed != null) {
            line(failed);
        }
    }

    /** A line about a job that failed; null of any other. */
    static @Nullable String failed(Job job) {
        if (!job.status().equals("failed")) {
            return null;
        }
        String reference = job.text("reference");
        return "failed: " + (reference == null ? job.id() : reference)
                + (job.error() == null ? "" : ", " + job.error());
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
