package io.wavequeue.simulator.account;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The account's bill: a row for every charge and one for every refund, oldest first. */
public final class Bill {
    private final List<Row> rows = new ArrayList<>();

    /**
     * One row.
     *
     * @param number of this kind for this prediction, from 0
     * @param price USD, as the provider shows it: never negative
     * @param at {@link Micros}
     */
    public record Row(Prediction prediction, boolean refund, int number, BigDecimal price, long at) {
        public String type() {
            return refund ? "refund" : "deduct";
        }
    }

    /**
     * What to list. Times are {@link Micros}, both ends included.
     *
     * @param page from 1
     * @param predictions none for all
     */
    public record Query(
            int page,
            int pageSize,
            @Nullable String type,
            @Nullable String model,
            Set<String> predictions,
            long from,
            long to,
            boolean oldestFirst) {}

    /**
     * One page.
     *
     * @param total matches on all pages
     */
    public record Page(List<Row> items, int total) {}

    void add(Row row) {
        rows.add(row);
    }

    List<Row> between(long from, long to) {
        return rows.stream().filter(row -> row.at() >= from && row.at() <= to).toList();
    }

    Page search(Query query) {
        long skip = (query.page() - 1L) * query.pageSize();
        List<Row> items = new ArrayList<>();
        int total = 0;
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(query.oldestFirst() ? i : rows.size() - 1 - i);
            if (matches(query, row)) {
                if (total >= skip && items.size() < query.pageSize()) {
                    items.add(row);
                }
                total++;
            }
        }
        return new Page(items, total);
    }

    private static boolean matches(Query query, Row row) {
        return row.at() >= query.from()
                && row.at() <= query.to()
                && (query.type() == null || query.type().equals(row.type()))
                && (query.model() == null
                        || query.model()
                                .equals(row.prediction().submission().model().id()))
                && (query.predictions().isEmpty()
                        || query.predictions().contains(row.prediction().id()));
    }
}
