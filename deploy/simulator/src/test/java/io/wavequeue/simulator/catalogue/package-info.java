/** Tests that need no server. */
@NullMarked
package io.wavequeue.simulator.catalogue;

import org.jspecify.annotations.NullMarked;
