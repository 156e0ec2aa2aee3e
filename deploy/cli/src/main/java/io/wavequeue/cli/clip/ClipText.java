package io.wavequeue.cli.clip;

import io.wavequeue.cli.screen.StatusBar;
import io.wavequeue.cli.screen.Terminal;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/** Shows clips to people: a bar on a terminal, else one line at the end. */
public final class ClipText implements ClipProgress {

    private final PrintStream out;
    private final Terminal terminal;
    private @Nullable StatusBar bar;
    private String last = "";

    /** Writes there. */
    public ClipText(PrintStream out, Terminal terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    @Override
    public synchronized void show(int done, int all, int sent) {
        last = "source clips: " + all + ", " + sent + " uploaded, " + (done - sent) + " known already";
        if (terminal.live()) {
            if (bar == null) {
                bar = new StatusBar(out, terminal, "clips", all);
            }
            bar.show(done, sent + " uploaded");
        }
    }

    @Override
    public synchronized void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
        out.println(last);
    }
}
