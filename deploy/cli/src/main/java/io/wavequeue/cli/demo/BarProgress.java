package io.wavequeue.cli.demo;

import io.wavequeue.cli.client.Job;
import io.wavequeue.cli.screen.Money;
import io.wavequeue.cli.screen.Printable;
import io.wavequeue.cli.screen.Terminal;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * For a terminal: one bar at the bottom with what is done, running and spent; above it a line for each cue that ended or
 * needs a look.
 */
final class BarProgress implements Progress {

    private static final Set<String> WORTH_A_LINE = Set.of("succeeded", "failed", "cancelled", "held", "uncertain");
    private static final int REDRAW_MILLIS = 100;

    private final Canvas canvas;
    private final ProgressBar bar;
    private final Changes changes;

    BarProgress(PrintStream out, Terminal terminal, int cues, Changes changes) {
        this.changes = changes;
        this.canvas = new Canvas(out, terminal.columns() - 1);
        boolean unicode = out.charset().equals(StandardCharsets.UTF_8);
        this.bar = new ProgressBarBuilder()
                .setTaskName("cues")
                .setInitialMax(cues)
                .setStyle(unicode ? ProgressBarStyle.UNICODE_BLOCK : ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(REDRAW_MILLIS)
                .hideEta()
                .setConsumer(canvas)
                .build();
    }

    @Override
    public void show(List<Job> jobs) {
        for (Job job : changes.of(jobs)) {
            if (job.terminal() ? job.done() : WORTH_A_LINE.contains(job.status())) {
                canvas.above("  " + changes.line(job));
            }
        }
        bar.stepTo(jobs.stream().filter(Job::done).count());
        long running = jobs.stream().filter(j -> j.status().equals("running")).count();
        Money spent = Money.sum(jobs.stream()
                .map(j -> j.cost("charged_usd"))
                .filter(Objects::nonNull)
                .toList());
        bar.setExtraMessage(" " + running + " running, " + spent + " charged");
    }

    @Override
    public void note(String text) {
        canvas.above("  " + text);
    }

    @Override
    public void close() {
        bar.close();
    }

    /** Draws by carriage return and blanks alone, which every terminal understands. */
    private static final class Canvas implements ProgressBarConsumer {

        private final PrintStream out;
        private final int width;

        Canvas(PrintStream out, int width) {
            this.out = out;
            this.width = width;
        }

        /** A line that stays, in the place of the bar; the bar is drawn again below it within 100 ms. */
        void above(String text) {
            String line = Printable.line(text);
            out.print("\r" + padded(line) + System.lineSeparator());
            out.flush();
        }

        @Override
        public int getMaxRenderedLength() {
            return width;
        }

        @Override
        public void accept(String bar) {
            String line = bar.strip();
            out.print("\r" + padded(line.substring(0, Math.min(line.length(), width))));
            out.flush();
        }

        @Override
        public void close() {
            out.println();
            out.flush();
        }

        private String padded(String line) {
            return line + " ".repeat(Math.max(0, width - line.length()));
        }
    }
}
