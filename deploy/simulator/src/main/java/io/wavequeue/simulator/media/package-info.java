/**
 * Files that a client uploaded, by ticket.
 *
 * <p>In: a ticket, then the bytes; out: the bytes again, and how long the clip is where its format says so. With a data
 * folder they are files that outlive the process, else they are held in memory.
 */
@NullMarked
package io.wavequeue.simulator.media;

import org.jspecify.annotations.NullMarked;
