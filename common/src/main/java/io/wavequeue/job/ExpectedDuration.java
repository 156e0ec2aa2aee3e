package io.wavequeue.job;

import io.wavequeue.job.AccountLoad.Turn;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How long new jobs will take, at the account's limits and behind what waits already. A forecast from averages: failures,
 * retries, budgets and later jobs are left out.
 *
 * <p>The last job ends when its submit has its turn by the rate, or by the places in flight, whichever is later, and its run has
 * ended. Interactive jobs go before bulk ones; batches of a lane take turns, so of another batch no more go before ours end than
 * ours has jobs.
 */
public final class ExpectedDuration {
    /** Of a model of which nothing is known. */
    static final Duration USUAL_RUN = Duration.ofSeconds(10);

    /** Submits that count against a minute do so a little longer, since a reply's second is cut off. */
    private static final int WINDOW_S = 61;

    /** What this program does in a second where the account has no limit. */
    private static final double OUR_OWN_RATE = 1_000;

    /** An open run has half its time before it, on average. */
    private static final double STILL_OPEN = 0.5;

    private final AccountLoad load;

    public ExpectedDuration(AccountLoad load) {
        this.load = load;
    }

    /** New jobs of a model in a lane. */
    public record NewJobs(String model, Lane lane, long count) {
        public NewJobs {
            if (count < 0) {
                throw new IllegalArgumentException("there cannot be " + count + " new jobs of " + model);
            }
        }
    }

    /** Seconds until the last of these jobs will have ended; empty when nothing can be said, since something has to be done first. */
    public OptionalLong seconds(Collection<NewJobs> added) {
        List<NewJobs> jobs = added.stream().filter(some -> some.count() > 0).toList();
        if (jobs.isEmpty()) {
            return OptionalLong.of(0);
        }
        if (load.isHeld() || jobs.stream().anyMatch(some -> load.stopped().contains(some.model()))) {
            return OptionalLong.empty();
        }
        boolean hasBulk = jobs.stream().anyMatch(some -> some.lane() == Lane.BULK);
        Work all = new Work();
        jobs.forEach(some -> all.add(some.count(), run(some.model())));
        for (Turn turn : load.waiting()) {
            if (turn.lane() == Lane.INTERACTIVE && hasBulk) {
                ahead(all, turn, turn.size());
            } else if (turn.lane() == Lane.INTERACTIVE || hasBulk) {
                ahead(all, turn, ofLane(jobs, turn.lane()));
            }
        }
        double last = jobs.stream().mapToDouble(some -> run(some.model())).max().orElseThrow();
        double seconds = seconds(load.throttledFor()) + Math.max(byRate(all.count), byPlaces(all, last)) + last;
        return OptionalLong.of(Math.round(seconds));
    }

    private static long ofLane(List<NewJobs> jobs, Lane lane) {
        return jobs.stream()
                .filter(some -> some.lane() == lane)
                .mapToLong(NewJobs::count)
                .sum();
    }

    /** Of another turn no more jobs go before ours than we have. */
    private void ahead(Work work, Turn turn, long ours) {
        long waiting = turn.size();
        double part = waiting == 0 ? 0 : (double) Math.min(waiting, ours) / waiting;
        turn.jobs().forEach((model, count) -> {
            if (!load.stopped().contains(model)) {
                work.add(count * part, run(model));
            }
        });
    }

    /** When the last is submitted, as far as submits per minute decide: as many at once as the minute has left, then so many each minute. */
    private double byRate(double count) {
        double own = (count - 1) / OUR_OWN_RATE;
        @Nullable Integer perMinute = load.submitsPerMinute();
        if (perMinute == null) {
            return own;
        }
        double minutes = Math.floor((load.submitsOfTheMinute() + count - 1) / perMinute);
        return Math.max(own, minutes * WINDOW_S);
    }

    /** When the last is submitted, as far as places decide: all other work is spread over them evenly. */
    private double byPlaces(Work all, double last) {
        @Nullable Integer most = load.maxInFlight();
        if (most == null) {
            return 0;
        }
        int places = Math.max(1, most - load.placesHeld());
        Work open = new Work();
        load.underWay().forEach((model, count) -> open.add(count, run(model) * STILL_OPEN));
        return all.count + open.count <= places ? 0 : Math.max(0, all.seconds + open.seconds - last) / places;
    }

    private double run(String model) {
        return seconds(load.runTimes().getOrDefault(model, USUAL_RUN));
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    /** Jobs, and how long their runs take one after the other. */
    private static final class Work {
        private double count;
        private double seconds;

        void add(double jobs, double each) {
            count += jobs;
            seconds += jobs * each;
        }
    }
}
