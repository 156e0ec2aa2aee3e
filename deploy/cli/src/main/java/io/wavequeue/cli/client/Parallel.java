package io.wavequeue.cli.client;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Several calls at once. */
public final class Parallel {

    private Parallel() {}

    /** What is done with each. */
    @FunctionalInterface
    public interface Work<T> {
        void with(T one) throws InterruptedException;
    }

    /** Works on all of them, so many at once. After the first that throws no other is begun, and it is thrown. */
    public static <T> void each(int atOnce, Iterable<T> all, Work<T> work) throws InterruptedException {
        Iterator<T> left = all.iterator();
        AtomicReference<@Nullable RuntimeException> trouble = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < atOnce; i++) {
            threads.add(Thread.ofVirtual().name("parallel-" + i).start(() -> {
                try {
                    for (T one = next(left); one != null && trouble.get() == null; one = next(left)) {
                        work.with(one);
                    }
                } catch (RuntimeException e) {
                    trouble.compareAndSet(null, e);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            threads.forEach(Thread::interrupt);
            throw e;
        }
        RuntimeException thrown = trouble.get();
        if (thrown != null) {
            throw thrown;
        }
    }

    private static <T> @Nullable T next(Iterator<T> left) {
        synchronized (left) {
            return left.hasNext() ? left.next() : null;
        }
    }
}
