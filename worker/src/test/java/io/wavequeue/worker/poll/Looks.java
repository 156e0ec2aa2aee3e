package io.wavequeue.worker.poll;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** The real schedule of polls while nothing is known of run times, for simulations. */
public final class Looks {
    private final PollSchedule schedule;

    public Looks(RandomGenerator random) {
        this.schedule = new PollSchedule(random);
    }

    public long nextMillis(long ageMillis, int failures) {
        Duration age = Duration.ofMillis(ageMillis);
        return schedule.next(PollPlan.UNKNOWN, age, age, failures).toMillis();
    }
}
