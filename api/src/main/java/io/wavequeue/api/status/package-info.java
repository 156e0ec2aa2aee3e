/**
 * Jobs as callers see them: one, many, their files and their costs; and the wish to cancel one.
 *
 * <p>In come ids and filters; out go snapshots of the rows. Nothing here changes a job but the cancel, which is one
 * statement of the store. A file is served only from the folder of outputs, and only whole.
 */
@NullMarked
package io.wavequeue.api.status;

import org.jspecify.annotations.NullMarked;
