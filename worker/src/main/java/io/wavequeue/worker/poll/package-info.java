/**
 * Follows a prediction until it ends.
 *
 * <p>A prediction id enters, its terminal status leaves. GETs are repeated at will: they cost nothing.
 */
@NullMarked
package io.wavequeue.worker.poll;

import org.jspecify.annotations.NullMarked;
