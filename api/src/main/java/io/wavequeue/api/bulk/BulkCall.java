package io.wavequeue.api.bulk;

import io.wavequeue.store.BulkChoice;
import io.wavequeue.store.BulkOrder;
import io.wavequeue.store.LettersChoice.Meant;
import org.jspecify.annotations.Nullable;

/**
 * What a call asks for: what is to be done, to which jobs, and whether only to tell.
 *
 * @param letters jobs that letters on the dead-letter topic tell of, in the place of the choice; null = the choice holds
 */
record BulkCall(
        BulkOrder order,
        BulkChoice choice,
        boolean dryRun,
        @Nullable Meant letters) {
    BulkCall(BulkOrder order, BulkChoice choice, boolean dryRun) {
        this(order, choice, dryRun, null);
    }

    BulkCall with(BulkChoice other) {
        return new BulkCall(order, other, dryRun, letters);
    }
}
