/**
 * Measures the packaged programs: starts the stack as {@code wavequeue up} does, drives it, asks the provider's ledger
 * whether all was done once, and prints one JSON line per scenario.
 *
 * <p>In: the words of the command line. Out: lines on stdout, progress on stderr. It reads the database as a person with
 * psql does and shares no code with the programs, so that what is measured is what is shipped.
 */
@NullMarked
package io.wavequeue.bench;

import org.jspecify.annotations.NullMarked;
