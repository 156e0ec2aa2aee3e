package io.wavequeue.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** A bare loop of calls, remembering nothing: submit, look once; 64 virtual threads over java.net.http. */
final class HttpBaseline {
    private static final int THREADS = 64;

    private final SimulatedProvider provider;

    HttpBaseline(SimulatedProvider provider) {
        this.provider = provider;
    }

    double clipsPerSecond(String name, int clips) throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        long start = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Void>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                all.add(threads.submit(() -> {
                    makeClips(name, next, clips);
                    return null;
                }));
            }
            Futures.results(all, "the bare loop failed");
        }
        return clips / Waiting.secondsSince(start);
    }

    private void makeClips(String name, AtomicInteger next, int clips) throws IOException, InterruptedException {
        int number = next.getAndIncrement();
        while (number < clips) {
            provider.result(provider.submit(name + " " + number));
            number = next.getAndIncrement();
        }
    }
}
