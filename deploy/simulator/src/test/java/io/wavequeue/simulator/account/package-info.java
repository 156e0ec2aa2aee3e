/** Tests that need no server. */
@NullMarked
package io.wavequeue.simulator.account;

import org.jspecify.annotations.NullMarked;
