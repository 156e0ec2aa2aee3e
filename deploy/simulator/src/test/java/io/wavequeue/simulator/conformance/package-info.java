/** Tests of the parts that spend and judge. */
@NullMarked
package io.wavequeue.simulator.conformance;

import org.jspecify.annotations.NullMarked;
