/**
 * What keeps a worker honest while it runs: its identity, its heartbeat, its clock and its end.
 *
 * <p>Rests on the database's word alone: a worker that was declared dead stops itself.
 */
@NullMarked
package io.wavequeue.worker.run;

import org.jspecify.annotations.NullMarked;
