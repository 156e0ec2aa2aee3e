/** Pure tests of what is shown of jobs. */
@NullMarked
package io.wavequeue.api.status;

import org.jspecify.annotations.NullMarked;
