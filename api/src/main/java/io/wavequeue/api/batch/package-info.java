/**
 * Takes files of jobs: read as they come, every line checked and priced, and all of it durable before the answer; and tells
 * what became of them, as files and while it happens.
 *
 * <p>In comes CSV, NDJSON or a JSON array, out goes one batch with its jobs, or the list of everything that is wrong with
 * the file and nothing else. However long the file is, a few hundred of its lines are in memory: what was admitted waits on
 * disk. It rests on one transaction for the batch, its jobs and the Idempotency-Key. Out go results in pages, and events in the
 * order of the outbox, to any number of readers at once; neither changes anything.
 */
@NullMarked
package io.wavequeue.api.batch;

import org.jspecify.annotations.NullMarked;
