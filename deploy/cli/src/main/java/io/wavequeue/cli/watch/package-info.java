/**
 * Following batches, replays and their like until they are done, or until nothing moves without a person. In come an id and
 * the API's answers and events; out go what people see of it meanwhile and how it ended.
 *
 * <p>The stream of events is for liveliness alone: whatever becomes of it, the batch is asked again, also by an API that was
 * away for minutes. Watching changes nothing, so it may end at any moment.
 */
@NullMarked
package io.wavequeue.cli.watch;

import org.jspecify.annotations.NullMarked;
