package io.wavequeue.cli.demo;

import io.wavequeue.cli.client.Pace;
import io.wavequeue.cli.screen.Terminal;
import java.io.PrintStream;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * What surrounds a demo.
 *
 * @param out where it tells what happens
 * @param terminal what {@code out} can show
 * @param ids new random ids, for the run and the idempotency keys
 */
public record DemoSetting(PrintStream out, Terminal terminal, Pace pace, Supplier<UUID> ids) {}
