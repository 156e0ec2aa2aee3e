package io.wavequeue.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Writes whatever is waiting at once, without a timer: the more comes in, the larger the batches.
 *
 * <p>An item that cannot be written does not take the others of its batch with it.
 *
 * @param <T> what is written
 * @param <R> what came of one item
 */
public final class GroupCommit<T, R> {
    private final int most;
    private final Batch<T, R> batch;
    private final BlockingQueue<Waiting<T, R>> queue = new LinkedBlockingQueue<>();

    private record Waiting<T, R>(T item, CompletableFuture<R> result) {}

    /** Writes all of the items, or none of them. */
    @FunctionalInterface
    public interface Batch<T, R> {
        /** Returns one result per item, in their order. */
        List<R> write(List<T> items) throws InterruptedException;
    }

    /** @param most items that are written at once */
    public GroupCommit(int most, Batch<T, R> batch) {
        this.most = most;
        this.batch = batch;
    }

    /** Begins to write, on a thread of its own. */
    public void start(String name) {
        Thread.ofVirtual().name(name).start(this::run);
    }

    /**
     * Waits until the item is written.
     *
     * @throws DatabaseAwayException as the batch threw it
     * @throws IllegalStateException when this item cannot be written
     */
    public R write(T item) throws InterruptedException {
        Waiting<T, R> waiting = new Waiting<>(item, new CompletableFuture<>());
        queue.add(waiting);
        try {
            return waiting.result().get();
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof DatabaseAwayException away) {
                throw away;
            }
            throw new IllegalStateException(item + " cannot be written", failure.getCause());
        }
    }

    private void run() {
        List<Waiting<T, R>> waiting = new ArrayList<>();
        try {
            while (true) {
                waiting.add(queue.take());
                queue.drainTo(waiting, most - 1);
                write(waiting);
                waiting.clear();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(List<Waiting<T, R>> waiting) throws InterruptedException {
        try {
            List<R> results = batch.write(waiting.stream().map(Waiting::item).toList());
            for (int i = 0; i < waiting.size(); i++) {
                waiting.get(i).result().complete(results.get(i));
            }
        } catch (DatabaseAwayException away) {
            waiting.forEach(one -> one.result().completeExceptionally(away));
        } catch (RuntimeException failure) {
            if (waiting.size() == 1) {
                waiting.getFirst().result().completeExceptionally(failure);
                return;
            }
            for (Waiting<T, R> one : waiting) {
                write(List.of(one));
            }
        }
    }
}
