/**
 * Replays from the dead-letter topic alone, also when the database was lost or is another installation's.
 *
 * <p>In come the letters that stand on the topic: our failed jobs', records that were put aside, and what other services put
 * there. Out goes a choice of jobs for a replay, whose rows are made in the replay's own transaction. What it may not buy again
 * rests on rows, tombstones and the provider's history, which a worker reads on behalf of this package.
 */
@NullMarked
package io.wavequeue.letters;

import org.jspecify.annotations.NullMarked;
