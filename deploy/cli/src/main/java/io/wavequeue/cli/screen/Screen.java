package io.wavequeue.cli.screen;

import java.io.PrintStream;

/** Where a command and the person who called it meet. */
public record Screen(PrintStream out, PrintStream err, Terminal terminal, Asker asker, Farewell farewell) {}
