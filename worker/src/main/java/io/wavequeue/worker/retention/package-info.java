/**
 * Removes rows and files that are old enough by rule, a little at a time.
 *
 * <p>What may go is decided in {@code store}, row by row, in the transaction that removes it; its files go afterwards, by a note
 * that the same transaction wrote. Nothing else waits for it.
 */
@NullMarked
package io.wavequeue.worker.retention;

import org.jspecify.annotations.NullMarked;
