package io.wavequeue.cli.screen;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/** For a terminal: a bar at the bottom, drawn again in its place, and above it the lines that stay. */
public final class StatusBar implements AutoCloseable {

    private static final int REDRAW_MILLIS = 100;

    private final Canvas canvas;
    private final ProgressBar bar;

    /** A bar for so many steps. */
    public StatusBar(PrintStream out, Terminal terminal, String task, long steps) {
        this.canvas = new Canvas(out, terminal.columns() - 1);
        boolean unicode = out.charset().equals(StandardCharsets.UTF_8);
        this.bar = new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(steps)
                .setStyle(unicode ? ProgressBarStyle.UNICODE_BLOCK : ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(REDRAW_MILLIS)
                .hideEta()
                .setConsumer(canvas)
                .build();
    }

    /** So many steps are done, and this is to be said beside the bar. */
    public void show(long done, String message) {
        bar.stepTo(done);
        bar.setExtraMessage(" " + message);
    }

    /** A line that stays, above the bar. */
    public void above(String text) {
        canvas.above(text);
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

        /** In the place of the bar, which is drawn again below it within 100 ms. */
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
