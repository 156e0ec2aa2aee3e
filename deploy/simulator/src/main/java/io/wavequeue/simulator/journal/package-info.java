/**
 * An append-only file of JSON lines, the simulator's memory across restarts.
 *
 * <p>In: one object per event, handed to the operating system before the call that caused it is answered, so that killing
 * the program loses nothing that a client was told. Out: the same objects, in order, at the next start. A last line that
 * was cut is dropped. It is not forced to the disk: a machine that loses power may lose the end.
 */
@NullMarked
package io.wavequeue.simulator.journal;

import org.jspecify.annotations.NullMarked;
