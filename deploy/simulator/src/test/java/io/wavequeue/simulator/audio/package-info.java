/** Tests that need no server. */
@NullMarked
package io.wavequeue.simulator.audio;

import org.jspecify.annotations.NullMarked;
