/** Tests of the one-command stack: the pure parts alone, the servers and the launcher for real. */
@NullMarked
package io.wavequeue.local;

import org.jspecify.annotations.NullMarked;
