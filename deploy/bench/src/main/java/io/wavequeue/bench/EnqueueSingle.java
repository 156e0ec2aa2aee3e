package io.wavequeue.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Jobs by {@code POST /v1/jobs}, one each, from 16 threads, while nothing dispatches them. */
record EnqueueSingle(int clips) implements Scenario {
    private static final int THREADS = 16;
    private static final int WARM_UP_SHARE = 2;

    @Override
    public String name() {
        return "enqueue-single";
    }

    @Override
    public int workers() {
        return 1;
    }

    @Override
    public Map<String, String> environment() {
        return Map.of("WAVEQUEUE_DISPATCH_ENABLED", "false");
    }

    @Override
    public void describe(ObjectNode line) {
        line.put("clips", clips).put("threads", THREADS);
    }

    @Override
    public void warmUp(Lab lab) throws InterruptedException {
        enqueue(lab, "warm-up", Math.max(1, clips / THREADS / WARM_UP_SHARE));
    }

    @Override
    public void run(Lab lab, int number, Measurements into) throws IOException, SQLException, InterruptedException {
        int each = Math.max(1, clips / THREADS);
        ProcessUse before = ProcessUse.now(lab.stack());
        long start = System.nanoTime();
        List<Double> millis = enqueue(lab, "run " + number, each);
        double rate = millis.size() / Waiting.secondsSince(start);
        ProcessUse after = ProcessUse.now(lab.stack());
        lab.say("  %.0f jobs/s".formatted(rate));
        into.add("jobs_per_s", rate);
        into.add("answer_ms.p50", Spread.percentile(millis, 0.50));
        into.add("answer_ms.p99", Spread.percentile(millis, 0.99));
        after.cpuSecondsSince(before)
                .forEach((program, cpu) -> into.add("cpu_s_per_1000." + program, cpu * 1000 / millis.size()));
        into.addAll("rss_mb", after.residentMb());
    }

    /** Milliseconds of each answer. */
    private static List<Double> enqueue(Lab lab, String name, int each) throws InterruptedException {
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<List<Double>>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                String part = name + " " + i;
                all.add(threads.submit(() -> enqueueInTurn(lab, part, each)));
            }
            return Futures.results(all, "a job was not enqueued").stream()
                    .flatMap(List::stream)
                    .toList();
        }
    }

    private static List<Double> enqueueInTurn(Lab lab, String name, int jobs) throws IOException, InterruptedException {
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            long start = System.nanoTime();
            lab.api().post("/v1/jobs", Clips.job(name + " " + i));
            millis.add(Waiting.secondsSince(start) * 1000);
        }
        return millis;
    }
}
