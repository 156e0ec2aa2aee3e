/**
 * What failed, by its cause: the view from which a person decides what to replay.
 *
 * <p>The filter of the list of jobs enters; groups of failed jobs leave, each with the fingerprint that chooses them in every
 * other filter. It rests on one snapshot of the rows and changes nothing.
 */
@NullMarked
package io.wavequeue.api.failures;

import org.jspecify.annotations.NullMarked;
