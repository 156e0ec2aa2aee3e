/**
 * Fetches outputs before the provider deletes them.
 *
 * <p>Due outputs enter; files with a checksum leave, written under a temporary name and renamed. Rests on the row's next try
 * being moved on before the download begins.
 */
@NullMarked
package io.wavequeue.worker.archive;

import org.jspecify.annotations.NullMarked;
