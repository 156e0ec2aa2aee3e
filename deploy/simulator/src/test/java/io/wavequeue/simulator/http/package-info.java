/** Tests that need no server. */
@NullMarked
package io.wavequeue.simulator.http;

import org.jspecify.annotations.NullMarked;
