package io.wavequeue.worker.archive;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Outputs that wait to be archived, by the days that are left, the same in every worker; and those that this one gave up. */
@ApplicationScoped
class OutputMetrics {
    static final String WAITING = "wavequeue.outputs.waiting";
    static final String LOST = "wavequeue.outputs.lost";

    /** For which the provider keeps an output. */
    static final int DAYS = 7;

    private final Counter lost;
    private volatile @Nullable Map<Integer, Integer> waiting;

    OutputMetrics(MeterRegistry registry) {
        for (int days = 0; days <= DAYS; days++) {
            int left = days;
            Gauge.builder(WAITING, this, metrics -> metrics.waiting(left))
                    .description(
                            "Outputs that are not archived, by the days for which the provider keeps them, rounded up:"
                                    + " 0 = no more; not a number before the first count")
                    .tag("days_left", Integer.toString(days))
                    .register(registry);
        }
        lost = Counter.builder(LOST)
                .description("Outputs that were given up, since the provider keeps them no longer")
                .register(registry);
    }

    void lost() {
        lost.increment();
    }

    void show(Map<Integer, Integer> counted) {
        waiting = counted;
    }

    private double waiting(int daysLeft) {
        Map<Integer, Integer> last = waiting;
        return last == null ? Double.NaN : last.getOrDefault(daysLeft, 0);
    }
}
