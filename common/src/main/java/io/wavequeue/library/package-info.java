/**
 * What a line of a manifest means for a library: which takes it asks for, by which key each is known again, its seed, and the
 * name of its file.
 *
 * <p>Pure: reads nothing, and whether something has to be made is decided in {@code store}, which knows what is there.
 */
@NullMarked
package io.wavequeue.library;

import org.jspecify.annotations.NullMarked;
