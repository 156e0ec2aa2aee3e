/**
 * Where the provider's bill differs from what we know, for people to look at.
 *
 * <p>Reads what the workers' reading of the bill has found. All that it changes is what a person accepts as a model's price.
 */
@NullMarked
package io.wavequeue.api.costs;

import org.jspecify.annotations.NullMarked;
