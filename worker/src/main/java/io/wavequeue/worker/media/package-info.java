/**
 * Gives the provider a copy of a source clip, once per content and lifetime.
 *
 * <p>A reference to one of our clips enters, an URL that the provider can read leaves.
 */
@NullMarked
package io.wavequeue.worker.media;

import org.jspecify.annotations.NullMarked;
