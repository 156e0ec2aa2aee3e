/** Pure tests of requests. */
@NullMarked
package io.wavequeue.admission;

import org.jspecify.annotations.NullMarked;
