/**
 * The packaged programs, as a newcomer starts them, driven over HTTP and judged by the simulator's ledger.
 */
@NullMarked
package io.wavequeue.e2e;

import org.jspecify.annotations.NullMarked;
