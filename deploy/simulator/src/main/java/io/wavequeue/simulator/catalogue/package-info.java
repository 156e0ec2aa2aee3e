/**
 * The five models: their fields, prices, clip lengths and run times, read from {@code models.json}.
 *
 * <p>In: the JSON body of a submit or a quote; out: the first thing wrong with it, its price and the length of its clip.
 * This is written from the provider's pages and shares nothing with the product's own catalogue, since it judges it.
 */
@NullMarked
package io.wavequeue.simulator.catalogue;

import org.jspecify.annotations.NullMarked;
