package io.wavequeue.worker.bill;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How the provider's bill is read. Each is also an environment variable, for example {@code WAVEQUEUE_BILL_EVERY}. */
@ConfigMapping(prefix = "wavequeue.bill")
public interface BillConfig {
    /** False where another worker reads it, or where the provider has no bill. Metrics are kept all the same. */
    @WithDefault("true")
    boolean enabled();

    /** From the end of one reading to the next, over all workers. */
    @WithDefault("1M")
    Duration every();

    /** So late may a line appear on the bill, and so far may the provider's clock be behind ours; it is read again. */
    @WithDefault("10M")
    Duration overlap();

    /** After a page that could not be read, before it is asked for again. */
    @WithDefault("2S")
    Duration askAgain();

    /** After its end, a failed attempt's money should be back; later it is listed as missing. The provider says 3 hours. */
    @WithDefault("3H")
    Duration refundAfter();

    /** An unknown charge may belong to an attempt without prediction that was claimed at most so long before or after. */
    @WithDefault("10M")
    Duration slack();
}
