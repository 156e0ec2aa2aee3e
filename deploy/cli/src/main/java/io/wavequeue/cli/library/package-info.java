/**
 * A library's takes as they lie beside a manifest: the lock file that is committed with it, and the audio fetched to a folder.
 * In come takes as the API lists them; out go files that are whole or not there.
 *
 * <p>A lock file is written from the API alone, so nothing is lost with it; it is read for one question: would something be
 * bought that was bought before?
 */
@NullMarked
package io.wavequeue.cli.library;

import org.jspecify.annotations.NullMarked;
