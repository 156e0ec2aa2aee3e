package io.wavequeue.dispatch;

import io.wavequeue.job.Account;
import org.jspecify.annotations.Nullable;

/** How many jobs may be out in Kafka at once: about what the account can submit in the next two minutes. */
final class DispatchWindow {
    static final int LEAST = 16;
    static final int MOST = 10_000;

    private DispatchWindow() {}

    static int size(Account account) {
        long perMinute = orMost(account.limits().submitsPerMinute());
        long inFlight = orMost(account.limits().maxInFlight());
        return (int) Math.clamp(2 * Math.min(perMinute, inFlight), LEAST, MOST);
    }

    private static long orMost(@Nullable Integer limit) {
        return limit == null ? MOST : limit;
    }
}
