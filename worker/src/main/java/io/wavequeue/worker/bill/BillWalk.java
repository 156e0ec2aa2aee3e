package io.wavequeue.worker.bill;

import io.wavequeue.job.BillRow;
import io.wavequeue.worker.provider.BillPage;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a walk through the bill is: oldest lines first, in pages from a time on.
 *
 * <p>High page numbers are slow to answer, so after some pages the walk begins anew at the time that it has come to. Both
 * that and keeping the position before the end are only right while the lines do come oldest first; where the provider
 * does not sort them, the walk goes by page numbers alone, and has no position before its end.
 */
final class BillWalk {
    static final int PAGES_BEFORE_ANEW = 50;

    /** Lines of a second may come in any order, and the start may not be included. */
    private static final Duration MARGIN = Duration.ofSeconds(1);

    private Instant from;
    private int page = 1;
    private long items;
    private boolean sorted = true;
    private @Nullable Instant latest;

    BillWalk(Instant from) {
        this.from = from;
    }

    /** What to ask for next. */
    Instant from() {
        return from;
    }

    /** From 1. */
    int page() {
        return page;
    }

    /** Takes the page that was asked for. True when it was the last. */
    boolean take(BillPage taken) {
        for (BillRow row : taken.rows()) {
            sorted &= latest == null || !row.at().isBefore(latest.minus(MARGIN));
            latest = latest == null || row.at().isAfter(latest) ? row.at() : latest;
        }
        items += taken.items();
        boolean last = taken.isLast(items);
        page++;
        if (page > PAGES_BEFORE_ANEW
                && sorted
                && latest != null
                && latest.minus(MARGIN).isAfter(from)) {
            from = latest.minus(MARGIN);
            page = 1;
            items = 0;
        }
        return last;
    }

    /** How far everything has been read; null = cannot be told yet. */
    @Nullable
    Instant position(boolean atEnd) {
        return sorted || atEnd ? latest : null;
    }
}
