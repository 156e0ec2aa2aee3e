package io.wavequeue.cli.screen;

import org.jspecify.annotations.Nullable;

/** Asks the person at the terminal. */
public interface Asker {

    /** Whether there is one: standard input and output are a terminal. */
    boolean present();

    /** Shows the question and waits for a line; null when the input has ended. */
    @Nullable
    String ask(String question);
}
