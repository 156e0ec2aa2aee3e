package io.wavequeue.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.bench.JobRows.Clip;
import io.wavequeue.bench.JobRows.Span;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

/** Many predictions followed by one worker: what that costs while nearly all of them are open. */
record InFlight(Latency latency, int submitsPerMinute, int inFlight, int clips) implements Scenario {
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    private static final double NEARLY_ALL = 0.95;
    private static final int WARM_UP_CLIPS = 2_000;
    private static final Latency WARM_UP = Latency.parse("2s");

    @Override
    public String name() {
        return "in-flight";
    }

    @Override
    public int workers() {
        return 1;
    }

    @Override
    public Map<String, String> environment() {
        return Scenario.limits(submitsPerMinute, inFlight);
    }

    @Override
    public void describe(ObjectNode line) {
        line.put("latency", latency.text())
                .put("submits_per_minute", submitsPerMinute)
                .put("in_flight", inFlight)
                .put("clips", clips);
    }

    @Override
    public void warmUp(Lab lab) throws IOException, SQLException, InterruptedException {
        lab.provider().configure(WARM_UP);
        lab.jobs().addBacklog("warm-up", Math.min(clips, WARM_UP_CLIPS));
        lab.jobs().awaitAll();
    }

    @Override
    public void run(Lab lab, int number, Measurements into) throws IOException, SQLException, InterruptedException {
        lab.provider().configure(latency);
        lab.provider().reset();
        Span span = lab.jobs().addBacklog("run " + number, clips);
        lab.wakeDispatch();

        Waiting.until(
                "nearly all are in flight",
                LOOK_EVERY,
                () -> isNearlyFull(lab.provider().stats()));
        ProcessUse before = ProcessUse.now(lab.stack());
        long pollsBefore = polls(lab.provider().stats());
        long start = System.nanoTime();
        Window window = new Window(before, pollsBefore, 0, 0);
        JsonNode stats = lab.provider().stats();
        while (isNearlyFull(stats)) {
            window =
                    new Window(ProcessUse.now(lab.stack()), polls(stats), Waiting.secondsSince(start), mostOpen(stats));
            Waiting.pause(LOOK_EVERY);
            stats = lab.provider().stats();
        }
        if (window.seconds() == 0) {
            throw new BenchFailedException("%d in flight did not last: take a longer --latency".formatted(inFlight));
        }
        into.addAll("rss_mb", window.use().residentMb());
        lab.jobs().awaitAll();
        lab.jobs().requireSucceeded(span, clips);
        lab.provider().requireAccepted(clips);

        double seconds = window.seconds();
        into.add("full_for_s", seconds);
        into.add("most_open", window.mostOpen());
        into.add("polls_per_s", (window.polls() - pollsBefore) / seconds);
        window.use().cpuSecondsSince(before).forEach((program, cpu) -> into.add("cpu_share." + program, cpu / seconds));
        into.add(
                "polls_per_clip",
                lab.jobs().clips(span).stream().mapToInt(Clip::polls).average().orElseThrow());
    }

    /** The last moment at which nearly all were open. */
    private record Window(ProcessUse use, long polls, double seconds, int mostOpen) {}

    private boolean isNearlyFull(JsonNode stats) {
        return stats.path("open").asInt() >= NEARLY_ALL * Math.min(inFlight, clips);
    }

    private static int mostOpen(JsonNode stats) {
        return stats.path("max_open").asInt();
    }

    private static long polls(JsonNode stats) {
        return stats.at("/requests/result").asLong();
    }
}
