/**
 * The one place of a worker that writes what became of a job.
 *
 * <p>Transitions enter and are written in batches, fenced; whether each still held leaves. While the database is away they wait.
 */
@NullMarked
package io.wavequeue.worker.settle;

import org.jspecify.annotations.NullMarked;
