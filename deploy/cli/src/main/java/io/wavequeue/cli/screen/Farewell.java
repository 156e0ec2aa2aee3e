package io.wavequeue.cli.screen;

import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/** What is said when the person ends the command while it waits: that the work goes on, and how to come back. */
public final class Farewell {

    private volatile @Nullable String text;

    /** From now on this is to be said. */
    public void say(String words) {
        text = words;
    }

    /** Nothing is to be said any more. */
    public void forget() {
        text = null;
    }

    /** Says it, when there is something to say; the process ends. */
    public void printTo(PrintStream err) {
        String words = text;
        if (words != null) {
            err.println();
            err.println(words);
            err.flush();
        }
    }
}
