/**
 * Follows a prediction until it ends.
 *
 * <p>A prediction id enters, its terminal status leaves. GETs are repeated at will: they cost nothing. How long
 * runs took is learned and shared by way of the database, to time them; nothing is right or wrong by it.
 */
@NullMarked
package io.wavequeue.worker.poll;

import org.jspecify.annotations.NullMarked;
