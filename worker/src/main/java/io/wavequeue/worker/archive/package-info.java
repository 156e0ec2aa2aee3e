/**
 * Fetches outputs before the provider deletes them.
 *
 * <p>Due outputs enter; files with a checksum leave, written under a temporary name and renamed. Rests on the row's next try
 * being moved on before the download begins. Afterwards, and at leisure, each file is looked at and described in a file beside
 * it; nothing waits for that.
 */
@NullMarked
package io.wavequeue.worker.archive;

import org.jspecify.annotations.NullMarked;
