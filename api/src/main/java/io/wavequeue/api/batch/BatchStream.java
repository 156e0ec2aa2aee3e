package io.wavequeue.api.batch;

import io.wavequeue.store.BatchEvents.Place;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One who listens to a batch. {@link BatchStreams} puts events in, and the call's own thread writes them out.
 *
 * <p>What waits is bounded: of jobs two pages, of progress the newest. Who reads slowly is read for slowly, from a place of
 * his own.
 */
final class BatchStream {
    /** So many events of jobs are read at once. */
    static final int PAGE = 250;

    /** After so long without an event a comment is written. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private final UUID batch;
    private final Runnable disconnect;
    private Place place;
    private @Nullable Instant fullSince;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<StreamEvent> jobs = new ArrayDeque<>();
    private @Nullable String progress;
    private boolean isProgressWritten = true;
    private @Nullable StreamEvent last;
    private boolean isClosed;

    /**
     * @param place behind which the events of its jobs begin
     * @param disconnect ends the connection, whatever is still to be written
     */
    BatchStream(UUID batch, Place place, Runnable disconnect) {
        this.batch = batch;
        this.place = place;
        this.disconnect = disconnect;
    }

    UUID batch() {
        return batch;
    }

    /** Up to where events were put in. */
    Place place() {
        return place;
    }

    void moveTo(Place read) {
        place = read;
    }

    /** Whether there is room for another page; else since when there is none. */
    boolean hasRoom(Instant now) {
        lock.lock();
        try {
            if (jobs.size() <= PAGE) {
                fullSince = null;
            } else if (fullSince == null) {
                fullSince = now;
            }
            return fullSince == null;
        } finally {
            lock.unlock();
        }
    }

    /** Since when nothing more fits; null = there is room. */
    @Nullable
    Instant fullSince() {
        return fullSince;
    }

    void add(StreamEvent job) {
        put(() -> jobs.add(job));
    }

    /** Replaces what was not written yet; the same again is nothing new. */
    void progress(String newest) {
        put(() -> {
            isProgressWritten &= newest.equals(progress);
            progress = newest;
        });
    }

    /** What comes after all that was put in; then the stream ends. */
    void end(StreamEvent done) {
        put(() -> last = done);
    }

    /** Ends the stream where it is. */
    void close() {
        put(() -> isClosed = true);
    }

    /** Ends the connection too: nobody reads. */
    void cutOff() {
        close();
        disconnect.run();
    }

    boolean isClosed() {
        lock.lock();
        try {
            return isClosed;
        } finally {
            lock.unlock();
        }
    }

    private void put(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Writes until the stream ends; {@link IOException} when the other side is gone. */
    void writeTo(OutputStream to) throws IOException {
        try {
            for (StreamEvent event = next(); event != null; event = next()) {
                to.write(event.text().getBytes(StandardCharsets.UTF_8));
                to.flush();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            close();
        }
    }

    /** Waits for it; null = that was all. */
    private @Nullable StreamEvent next() throws InterruptedException {
        lock.lock();
        try {
            long left = HEARTBEAT.toNanos();
            while (!isClosed) {
                if (!jobs.isEmpty()) {
                    return jobs.remove();
                }
                if (!isProgressWritten && progress != null) {
                    isProgressWritten = true;
                    return StreamEvent.progress(progress);
                }
                if (last != null) {
                    isClosed = true;
                    return last;
                }
                if (left <= 0) {
                    return StreamEvent.HEARTBEAT;
                }
                left = changed.awaitNanos(left);
            }
            return null;
        } finally {
            lock.unlock();
        }
    }
}
