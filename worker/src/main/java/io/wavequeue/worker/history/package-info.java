/**
 * Reads the provider's history of models that somebody wants to know about.
 *
 * <p>What enters is a row that names a model and a time, what leaves are the predictions that the provider made since and no
 * attempt here has, with keys of their inputs. It decides nothing and changes no job; a reading that is not complete says so.
 */
@NullMarked
package io.wavequeue.worker.history;

import org.jspecify.annotations.NullMarked;
