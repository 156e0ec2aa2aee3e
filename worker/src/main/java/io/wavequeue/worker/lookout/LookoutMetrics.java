package io.wavequeue.worker.lookout;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.wavequeue.job.LookoutReason;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;

/** How many paid predictions nobody follows, by reason; the same in every worker. */
@ApplicationScoped
class LookoutMetrics {
    static final String OVERDUE = "wavequeue.predictions.overdue";

    private volatile Map<LookoutReason, Integer> waiting = Map.of();

    LookoutMetrics(MeterRegistry registry) {
        for (LookoutReason reason : LookoutReason.values()) {
            Gauge.builder(OVERDUE, this, metrics -> metrics.waiting(reason))
                    .description(
                            "Paid predictions that have not ended and that no worker follows; not a number before the"
                                    + " first count")
                    .tag("reason", reason.code())
                    .register(registry);
        }
    }

    void show(Map<LookoutReason, Integer> counted) {
        waiting = counted;
    }

    private double waiting(LookoutReason reason) {
        Integer last = waiting.get(reason);
        return last == null ? Double.NaN : last;
    }
}
