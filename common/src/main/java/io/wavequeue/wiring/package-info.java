/**
 * What both programs are put together from: settings, clock, catalogue, and the account's first row.
 *
 * <p>Nothing here decides anything about a job.
 */
@NullMarked
package io.wavequeue.wiring;

import org.jspecify.annotations.NullMarked;
