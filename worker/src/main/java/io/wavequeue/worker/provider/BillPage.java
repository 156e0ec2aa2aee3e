package io.wavequeue.worker.provider;

import io.wavequeue.job.BillRow;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of the bill.
 *
 * @param rows charges and refunds, in the provider's order
 * @param items everything on the page, also what is neither
 * @param unreadable charges and refunds without a readable amount or time
 * @param hasMore as the provider tells it; null = not told
 * @param total over all pages, as the provider tells it; null = not told
 */
public record BillPage(
        List<BillRow> rows,
        int items,
        int unreadable,
        @Nullable Boolean hasMore,
        @Nullable Long total) {
    /** The most that the provider gives at once, and what we ask for. */
    public static final int SIZE = 100;

    /**
     * True when no page follows. An empty page ends it, and a short one unless more is promised; a full one never does,
     * whatever is said.
     *
     * @param itemsSoFar of this page and those before it
     */
    public boolean isLast(long itemsSoFar) {
        if (items == 0 || items >= SIZE) {
            return items == 0;
        }
        boolean promised = Boolean.TRUE.equals(hasMore) || (total != null && total > itemsSoFar);
        return !promised;
    }
}
