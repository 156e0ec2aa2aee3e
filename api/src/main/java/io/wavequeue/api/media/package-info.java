/**
 * Source clips that callers give us: kept once by content, and named by it.
 *
 * <p>In comes a multipart upload, or a URL, whose clip is fetched from the very address that {@code FetchGuard} allowed; out
 * goes a reference that never changes. A file appears under its name only when it is
 * whole and on disk (temporary name, fsync, rename), and its row only after that. The provider's copy is made, and
 * renewed, at submit.
 */
@NullMarked
package io.wavequeue.api.media;

import org.jspecify.annotations.NullMarked;
