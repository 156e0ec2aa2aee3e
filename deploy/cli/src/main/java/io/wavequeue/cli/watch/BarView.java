package io.wavequeue.cli.watch;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.cli.client.Job;
import io.wavequeue.cli.client.Pace;
import io.wavequeue.cli.screen.StatusBar;
import io.wavequeue.cli.screen.Terminal;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/** For a terminal: a bar with rate, spend and what is left, and above it a line for each job that failed. */
public final class BarView implements WatchView {

    private final PrintStream out;
    private final Terminal terminal;
    private final Pace pace;
    private final Rate rate = new Rate();
    private @Nullable StatusBar bar;

    /** Draws there. */
    public BarView(PrintStream out, Terminal terminal, Pace pace) {
        this.out = out;
        this.terminal = terminal;
        this.pace = pace;
    }

    @Override
    public void show(Watched now) {
        if (bar == null) {
            bar = new StatusBar(out, terminal, "jobs", now.total());
        }
        rate.saw(pace.instant(), now.ended());
        bar.show(now.ended(), now.beside(rate));
    }

    @Override
    public void job(JsonNode json) {
        String failed = PlainView.failed(Job.of(json));
        if (failed != null) {
            note(failed);
        }
    }

    @Override
    public void note(String text) {
        if (bar != null) {
            bar.above("  " + text);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
