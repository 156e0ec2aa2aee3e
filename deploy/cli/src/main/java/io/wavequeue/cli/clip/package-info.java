/**
 * Source clips on this machine. In come the names that a manifest has for them; out go the references by which the API knows
 * them.
 *
 * <p>A clip is its content: however many names it has, it is uploaded once, and not at all when the API has it. What a file's
 * content is, is remembered by path, size and time of its last change; a file that changed a moment ago is read again, since
 * it may change once more within the same tick.
 */
@NullMarked
package io.wavequeue.cli.clip;

import org.jspecify.annotations.NullMarked;
