package io.wavequeue.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.bench.JobRows.Clip;
import io.wavequeue.bench.JobRows.Span;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Few jobs, one after the other at a steady pace: what each waits for that is neither the provider nor polling. */
record Overhead(Latency latency, int jobsPerSecond, Duration length) implements Scenario {
    private static final Duration WARM_UP = Duration.ofSeconds(10);

    @Override
    public String name() {
        return "overhead";
    }

    @Override
    public int workers() {
        return 1;
    }

    @Override
    public Map<String, String> environment() {
        return Scenario.limits(UNBOUND, UNBOUND);
    }

    @Override
    public void describe(ObjectNode line) {
        line.put("latency", latency.text()).put("jobs_per_s", jobsPerSecond).put("seconds", length.toSeconds());
    }

    @Override
    public void warmUp(Lab lab) throws IOException, SQLException, InterruptedException {
        lab.provider().configure(latency);
        offer(lab, "warm-up", WARM_UP);
        lab.jobs().awaitAll();
    }

    @Override
    public void run(Lab lab, int number, Measurements into) throws IOException, SQLException, InterruptedException {
        lab.provider().reset();
        OffsetDateTime from = lab.jobs().now();
        int clips = offer(lab, "run " + number, length);
        lab.jobs().awaitAll();
        Span span = new Span(from, lab.jobs().now());
        lab.jobs().requireSucceeded(span, clips);
        lab.provider().requireAccepted(clips);

        List<Clip> rows = lab.jobs().clips(span);
        addPercentiles(into, "overhead_ms", rows, Clip::overheadMs);
        addPercentiles(into, "beyond_provider_ms", rows, Clip::beyondProviderMs);
        addPercentiles(into, "detect_ms", rows, Clip::detectMs);
        into.add("polls_per_clip", rows.stream().mapToInt(Clip::polls).average().orElseThrow());
    }

    /** Enqueues at the pace; how many. */
    private int offer(Lab lab, String name, Duration time) throws InterruptedException {
        return SteadyPace.offer(lab, jobsPerSecond, time, i -> Clips.job(name + " " + i));
    }

    private static void addPercentiles(
            Measurements into, String name, List<Clip> rows, ToDoubleFunction<Clip> measure) {
        List<Double> values = rows.stream().map(measure::applyAsDouble).toList();
        into.add(name + ".p50", Spread.percentile(values, 0.50));
        into.add(name + ".p99", Spread.percentile(values, 0.99));
    }
}
