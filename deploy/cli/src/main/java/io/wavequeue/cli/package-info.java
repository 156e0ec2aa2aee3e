/**
 * The {@code wavequeue} command. In come the words of one call and its environment; out go text (or the API's own JSON)
 * and one of the stable codes in {@link io.wavequeue.cli.ExitCode}.
 *
 * <p>Commands hold no state and talk to nothing but the REST API; whoever adds one writes a class with a
 * {@code @Command} and names it in {@link io.wavequeue.cli.CommandLineFactory}. Exceptions become a sentence and a code
 * in one place, {@link io.wavequeue.cli.Complaints}.
 */
@NullMarked
package io.wavequeue.cli;

import org.jspecify.annotations.NullMarked;
