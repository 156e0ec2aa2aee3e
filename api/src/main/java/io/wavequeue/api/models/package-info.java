/**
 * The catalogue as callers see it: what each model takes, what it costs and how long it may run.
 *
 * <p>Nothing enters but a model's id; what leaves is the catalogue as it was loaded.
 */
@NullMarked
package io.wavequeue.api.models;

import org.jspecify.annotations.NullMarked;
