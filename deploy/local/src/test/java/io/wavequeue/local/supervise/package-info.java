/** Tests of the supervision with programs of a few lines. */
@NullMarked
package io.wavequeue.local.supervise;

import org.jspecify.annotations.NullMarked;
