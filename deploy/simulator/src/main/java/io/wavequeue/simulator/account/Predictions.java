package io.wavequeue.simulator.account;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All predictions, by id and in the order of their acceptance. What is older than seven days is only in the ledger. */
final class Predictions {
    private static final long KEPT = 7 * Micros.DAY;

    private final Map<String, Prediction> byId = new HashMap<>();
    private final List<Prediction> inOrder = new ArrayList<>();

    void add(Prediction prediction) {
        byId.put(prediction.id(), prediction);
        inOrder.add(prediction);
    }

    @Nullable
    Prediction find(String id, long now) {
        Prediction prediction = byId.get(id);
        return prediction == null || prediction.acceptedAt() < now - KEPT ? null : prediction;
    }

    /** Newest first. */
    HistoryQuery.Page list(HistoryQuery query, long now, long lag) {
        int from = firstAt(Math.max(query.createdAfter(), now - KEPT));
        int to = firstAt(Math.min(query.createdBefore(), now - lag) + 1);
        long skip = (query.page() - 1L) * query.pageSize();
        List<Prediction> items = new ArrayList<>();
        int total = 0;
        for (int i = to - 1; i >= from; i--) {
            Prediction prediction = inOrder.get(i);
            if (matches(query, prediction) && prediction.terms().isListed(prediction.acceptedAt(), now)) {
                if (total >= skip && items.size() < query.pageSize()) {
                    items.add(prediction);
                }
                total++;
            }
        }
        return new HistoryQuery.Page(items, total);
    }

    private static boolean matches(HistoryQuery query, Prediction prediction) {
        return !prediction.isDeleted()
                && (query.model() == null
                        || query.model().equals(prediction.submission().model().id()))
                && (query.status() == null
                        || query.status().equals(prediction.status().text()));
    }

    /** Index of the first prediction that was accepted at this time or later. */
    private int firstAt(long time) {
        int low = 0;
        int high = inOrder.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (inOrder.get(middle).acceptedAt() < time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    List<LedgerEntry> entries(int offset, int limit) {
        int from = Math.min(offset, inOrder.size());
        int to = (int) Math.min(inOrder.size(), (long) from + limit);
        return inOrder.subList(from, to).stream().map(LedgerEntry::of).toList();
    }
}
