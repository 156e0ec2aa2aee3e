/**
 * Looks at paid predictions that nobody follows: those whose job failed at their deadline, and those that an uncertain
 * submit may have made.
 *
 * <p>What the provider says of them enters; outputs to be archived leave. A job's state is changed in one case only, by way of
 * {@code settle}: it runs, and what its prediction made is known here while the provider has forgotten it.
 */
@NullMarked
package io.wavequeue.worker.lookout;

import org.jspecify.annotations.NullMarked;
