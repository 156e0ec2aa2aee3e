package io.wavequeue.dispatch;

import io.wavequeue.job.Account;
import org.jspecify.annotations.Nullable;

/**
 * How many jobs of a lane may be out in Kafka at once: about what the account submits in 15 seconds. Whatever is out has its
 * place in line, so a batch that comes later waits that long.
 *
 * <p>How long a prediction holds its slot is not known beforehand: so at least as many as if each slot were used once a
 * minute, and as many as were submitted lately.
 */
final class DispatchWindow {
    static final int LEAST = 16;

    /** The end of what is worth it: a step every 250 ms that fills it would dispatch 16,000 jobs a second. */
    static final int MOST = 4_000;

    private static final int PER_MINUTE = 4;

    private DispatchWindow() {}

    static int size(Account account, int submittedLately) {
        int perMinute = Math.min(
                orUnlimited(account.limits().submitsPerMinute()),
                orUnlimited(account.limits().maxInFlight()));
        return Math.clamp(Math.max(perMinute / PER_MINUTE, submittedLately), LEAST, MOST);
    }

    private static int orUnlimited(@Nullable Integer limit) {
        return limit == null ? Integer.MAX_VALUE : limit;
    }
}
