package io.wavequeue.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Waits for what several threads do. */
final class Futures {
    private Futures() {}

    /**
     * All results, in their order.
     *
     * @param failed what to say when one of them failed
     */
    static <T> List<T> results(List<Future<T>> all, String failed) throws InterruptedException {
        List<T> results = new ArrayList<>();
        try {
            for (Future<T> one : all) {
                results.add(one.get());
            }
        } catch (ExecutionException failure) {
            throw new BenchFailedException(failed + ": " + failure.getCause());
        }
        return results;
    }
}
