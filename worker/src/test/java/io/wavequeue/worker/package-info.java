/** Tests of a whole worker against a real database, a real broker and the simulator. */
@NullMarked
package io.wavequeue.worker;

import org.jspecify.annotations.NullMarked;
