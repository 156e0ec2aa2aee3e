package io.wavequeue.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.bench.JobRows.Grant;
import io.wavequeue.bench.JobRows.Span;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A backlog of bulk jobs under a limit that binds, and interactive jobs at a steady pace: who waits how long, and who gets how much. */
record Lanes(Latency latency, int inFlight, int clips, int jobsPerSecond, Duration length, int workers)
        implements Scenario {
    /** Over so many grants shares are looked at. */
    static final int WINDOW = 1_000;

    private static final int WARM_UP_TURNS = 10;
    private static final Duration WARM_UP = Duration.ofSeconds(5);

    private static final UUID LARGE = new UUID(1, 1);
    private static final UUID MIDDLE = new UUID(1, 2);
    private static final UUID SMALL = new UUID(1, 3);

    @Override
    public String name() {
        return "lanes";
    }

    @Override
    public Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(Scenario.limits(UNBOUND, inFlight));
        environment.put("WAVEQUEUE_ARCHIVE_ENABLED", "false");
        return environment;
    }

    @Override
    public void describe(ObjectNode line) {
        line.put("latency", latency.text())
                .put("in_flight", inFlight)
                .put("clips", clips)
                .put("jobs_per_s", jobsPerSecond)
                .put("seconds", length.toSeconds());
    }

    @Override
    public void warmUp(Lab lab) throws IOException, SQLException, InterruptedException {
        lab.provider().configure(latency);
        lab.jobs().addBacklog("warm-up", WARM_UP_TURNS * inFlight);
        lab.wakeDispatch();
        offer(lab, "warm-up", WARM_UP);
        awaitEnd(lab);
    }

    @Override
    public void run(Lab lab, int number, Measurements into) throws IOException, SQLException, InterruptedException {
        lab.provider().reset();
        Span backlog = lab.jobs().addBacklog("run " + number, clips, batches());
        lab.wakeDispatch();
        int offered = offer(lab, "run " + number, length);
        OffsetDateTime whole = lab.jobs().now();
        lab.jobs().cancelBacklog();
        awaitEnd(lab);
        Span span = new Span(backlog.from(), lab.jobs().now());

        List<Grant> grants = lab.jobs().grants(span);
        lab.jobs().requireSucceeded(span, grants.size());
        lab.provider().requireAccepted(grants.size());
        List<Double> waits = grants.stream()
                .filter(grant -> grant.lane().equals("interactive"))
                .map(Grant::waitMs)
                .toList();
        if (waits.size() != offered) {
            throw new BenchFailedException("of %d interactive jobs %d were submitted".formatted(offered, waits.size()));
        }
        into.add("interactive_wait_ms.p50", Spread.percentile(waits, 0.50));
        into.add("interactive_wait_ms.p99", Spread.percentile(waits, 0.99));
        into.add("interactive_wait_ms.max", Collections.max(waits));
        into.add(
                "slots_held_percent",
                LimitUse.use(lab.jobs().clips(span), UNBOUND, inFlight).slotsHeldPercent());
        // While the backlog is cancelled, row by row, what is left of it is no longer shared.
        List<@Nullable String> bulk = grants.stream()
                .filter(grant -> grant.lane().equals("bulk") && grant.at().isBefore(whole))
                .<@Nullable String>map(Grant::batch)
                .toList();
        into.add("bulk_grants", bulk.size());
        into.add("share_deviation_percent", deviationPercent(bulk, 3));
    }

    /** Nothing is archived here. */
    private static void awaitEnd(Lab lab) throws IOException, SQLException, InterruptedException {
        lab.jobs().awaitEnded();
        lab.jobs().awaitPublished();
    }

    private int offer(Lab lab, String name, Duration time) throws InterruptedException {
        return SteadyPace.offer(lab, jobsPerSecond, time, i -> Clips.job("interactive", name + " interactive " + i));
    }

    /** 60, 25 and 15 percent. */
    private static List<@Nullable UUID> batches() {
        List<@Nullable UUID> batches = new ArrayList<>(Collections.nCopies(12, LARGE));
        batches.addAll(Collections.nCopies(5, MIDDLE));
        batches.addAll(Collections.nCopies(3, SMALL));
        return batches;
    }

    /**
     * How far a batch's share of any {@link #WINDOW} grants in a row is from an equal one at most; looked at every tenth of a
     * window.
     *
     * @throws BenchFailedException of fewer grants than a window has
     */
    static double deviationPercent(List<@Nullable String> grants, int batches) {
        if (grants.size() < WINDOW) {
            throw new BenchFailedException(
                    "%d grants are too few to look at shares of %d".formatted(grants.size(), WINDOW));
        }
        double equal = (double) WINDOW / batches;
        double most = 0;
        for (int from = 0; from + WINDOW <= grants.size(); from += WINDOW / 10) {
            Map<String, Integer> counts = new HashMap<>();
            for (String batch : grants.subList(from, from + WINDOW)) {
                counts.merge(String.valueOf(batch), 1, Integer::sum);
            }
            double missing = counts.size() < batches ? 100 : 0;
            double largest = counts.values().stream()
                    .mapToDouble(count -> 100 * Math.abs(count - equal) / equal)
                    .max()
                    .orElseThrow();
            most = Math.max(most, Math.max(missing, largest));
        }
        return most;
    }
}
