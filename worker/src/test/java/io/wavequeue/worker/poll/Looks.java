package io.wavequeue.worker.poll;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** The real schedule of polls, for simulations. */
public final class Looks {
    private final PollSchedule schedule;

    public Looks(RandomGenerator random) {
        this.schedule = new PollSchedule(random);
    }

    public long nextMillis(long ageMillis, int failures) {
        return schedule.next(Duration.ofMillis(ageMillis), failures).toMillis();
    }
}
