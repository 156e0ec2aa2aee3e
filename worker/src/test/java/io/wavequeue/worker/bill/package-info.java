/** Tests of the reading of the bill, and further readers for those that need two. */
@NullMarked
package io.wavequeue.worker.bill;

import org.jspecify.annotations.NullMarked;
