package io.wavequeue.worker.bill;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.wavequeue.job.DifferenceKind;
import io.wavequeue.store.BillStore;
import io.wavequeue.worker.run.Stopwatch;
import io.wavequeue.worker.run.Stopwatch.Stamp;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/** Open differences by kind, and the age of what is known of the bill; the same in every worker. */
@ApplicationScoped
class BillMetrics {
    static final String DIFFERENCES = "wavequeue.bill.differences";
    static final String AGE = "wavequeue.bill.age";
    static final String STOPPED = "wavequeue.bill.stopped.models";

    private final Stopwatch stopwatch;
    private volatile @Nullable Seen seen;

    private record Seen(BillStore.State state, Stamp at) {}

    BillMetrics(MeterRegistry registry, Stopwatch stopwatch) {
        this.stopwatch = stopwatch;
        for (DifferenceKind kind : DifferenceKind.values()) {
            Gauge.builder(DIFFERENCES, this, metrics -> metrics.open(kind))
                    .description("Open differences between the provider's bill and what we know")
                    .tag("kind", kind.code())
                    .register(registry);
        }
        Gauge.builder(STOPPED, this, BillMetrics::stoppedModels)
                .description("Models that are not submitted until a person accepts the price that they were charged at")
                .register(registry);
        Gauge.builder(AGE, this, BillMetrics::ageSeconds)
                .description("Time since the provider's bill was last read to its end; not a number when it never was")
                .baseUnit("seconds")
                .register(registry);
    }

    void show(BillStore.State state) {
        seen = new Seen(state, stopwatch.stamp());
    }

    private double open(DifferenceKind kind) {
        Seen last = seen;
        return last == null ? Double.NaN : last.state().open().getOrDefault(kind, 0);
    }

    private double stoppedModels() {
        Seen last = seen;
        return last == null ? Double.NaN : last.state().stoppedModels();
    }

    private double ageSeconds() {
        Seen last = seen;
        return last == null
                ? Double.NaN
                : last.state().ageSeconds() + stopwatch.since(last.at()).toMillis() / 1e3;
    }
}
