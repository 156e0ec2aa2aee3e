package io.wavequeue.worker.settle;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.wavequeue.job.JobStatus;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumMap;
import java.util.Map;

/** Counts the states that jobs entered here, and the changes that came too late. */
@ApplicationScoped
class SettleMetrics {
    static final String TRANSITIONS = "wavequeue.transitions";
    static final String TAKEN_OVER = "wavequeue.transitions.taken.over";

    private final Map<JobStatus, Counter> entered = new EnumMap<>(JobStatus.class);
    private final Counter takenOver;

    SettleMetrics(MeterRegistry registry) {
        for (JobStatus status : JobStatus.values()) {
            entered.put(
                    status,
                    Counter.builder(TRANSITIONS)
                            .description("Jobs that entered a state by this worker's hand")
                            .tag("to", status.code())
                            .register(registry));
        }
        takenOver = Counter.builder(TAKEN_OVER)
                .description("Changes that were dropped, since the job was another worker's by then")
                .register(registry);
    }

    void count(JobStatus next, boolean applied) {
        Counter counter = entered.get(next);
        if (applied && counter != null) {
            counter.increment();
        } else {
            takenOver.increment();
        }
    }
}
