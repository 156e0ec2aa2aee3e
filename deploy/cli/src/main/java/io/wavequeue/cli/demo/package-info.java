/**
 * The demo: in comes a running Wavequeue and a small manifest of a game's cues, out come audio files, a table with times
 * and costs, and a verdict. Read {@link io.wavequeue.cli.demo.Demo} first.
 *
 * <p>The verdict rests on what can be looked at, not on what the API says of itself: the files are opened, measured and
 * hashed again, and the provider's own ledger is compared with our charges when the provider is the simulator. One cue
 * fails on purpose and counts as right only when it fails for the reason that the manifest names.
 */
@NullMarked
package io.wavequeue.cli.demo;

import org.jspecify.annotations.NullMarked;
