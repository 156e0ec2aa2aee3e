/**
 * Compares the provider's bill with what we believe to have paid.
 *
 * <p>Lines of the bill enter, page by page; attempts get the amounts that were charged and refunded, and what does not fit is
 * listed as a difference. It rests on the bill being kept by line and summed anew, so that nothing depends on how often, by
 * whom or in which order it is read. No job changes its state by it.
 */
@NullMarked
package io.wavequeue.worker.bill;

import org.jspecify.annotations.NullMarked;
