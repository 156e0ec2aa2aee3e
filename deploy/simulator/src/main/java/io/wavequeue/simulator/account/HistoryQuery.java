package io.wavequeue.simulator.account;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to list. Times are {@link Micros}, both ends included.
 *
 * @param page from 1
 */
public record HistoryQuery(
        int page,
        int pageSize,
        @Nullable String model,
        @Nullable String status,
        long createdAfter,
        long createdBefore) {

    /**
     * One page.
     *
     * @param total matches on all pages
     */
    public record Page(List<Prediction> items, int total) {}
}
