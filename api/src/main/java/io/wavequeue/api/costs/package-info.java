/**
 * Where the provider's bill differs from what we know, for people to look at.
 *
 * <p>Reads what the workers' reading of the bill has found; changes nothing.
 */
@NullMarked
package io.wavequeue.api.costs;

import org.jspecify.annotations.NullMarked;
