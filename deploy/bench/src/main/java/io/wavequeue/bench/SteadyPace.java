package io.wavequeue.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/** Offers jobs one after the other, whatever becomes of those before. */
final class SteadyPace {
    private SteadyPace() {}

    /**
     * Enqueues for so long by {@code POST /v1/jobs}.
     *
     * @param body of the job with this number, from 0
     * @return how many
     */
    static int offer(Lab lab, int jobsPerSecond, Duration time, IntFunction<String> body) throws InterruptedException {
        int jobs = Math.toIntExact(jobsPerSecond * time.toSeconds());
        Duration apart = Duration.ofSeconds(1).dividedBy(jobsPerSecond);
        long start = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<JsonNode>> all = new ArrayList<>();
            for (int i = 0; i < jobs; i++) {
                String job = body.apply(i);
                long early = start + i * apart.toNanos() - System.nanoTime();
                Waiting.pause(Duration.ofNanos(Math.max(0, early)));
                all.add(threads.submit(() -> lab.api().post("/v1/jobs", job)));
            }
            Futures.results(all, "a job was not enqueued");
        }
        return jobs;
    }
}
