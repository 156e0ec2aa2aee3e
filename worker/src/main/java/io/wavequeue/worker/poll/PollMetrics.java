package io.wavequeue.worker.poll;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.wavequeue.job.Transition.Observation;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** What following predictions to their end took. */
@ApplicationScoped
class PollMetrics {
    static final String POLLS = "wavequeue.polls.per.prediction";
    static final String DETECTION = "wavequeue.detection";

    private final DistributionSummary polls;
    private final Timer detection;

    PollMetrics(MeterRegistry registry) {
        polls = DistributionSummary.builder(POLLS)
                .description("GETs that were answered until a prediction was found ended")
                .register(registry);
        detection = Timer.builder(DETECTION)
                .description(
                        "From the last look that found a prediction open, or from its submit, to the one that found it"
                                + " ended: the most that its end can have gone unseen")
                .register(registry);
    }

    void ended(Observation observation) {
        polls.record(observation.polls());
        if (observation.detectMs() != null) {
            detection.record(Duration.ofMillis(observation.detectMs()));
        }
    }
}
