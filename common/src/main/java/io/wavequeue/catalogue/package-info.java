/**
 * The models that can be asked for: what their inputs may be, what a run costs, and how long it may take.
 *
 * <p>In come the catalogue files (our own and a folder of the user's) and, per request, an input as JSON. Out go every
 * fault of that input at once, or the input with its defaults filled in, and its price. What is sent to the provider
 * stays what was asked. All of it is immutable once loaded and free of I/O, so any thread may use it. Correctness rests
 * on the files saying what the provider does; each names where its facts come from.
 */
@NullMarked
package io.wavequeue.catalogue;

import org.jspecify.annotations.NullMarked;
