/** Tests of the simulator over real HTTP. Time is moved by hand where it matters. */
@NullMarked
package io.wavequeue.simulator;

import org.jspecify.annotations.NullMarked;
