/** Files of jobs, without a server. */
@NullMarked
package io.wavequeue.api.batch;

import org.jspecify.annotations.NullMarked;
