package io.wavequeue.local.supervise;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Starts parts stage by stage (the parts of a stage side by side), restarts one that ends, and stops them in the
 * opposite order. While all have been ready, {@code processes.json} says who they are.
 */
public final class Supervisor implements AutoCloseable {
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);
    private static final Duration SOUND_AFTER = Duration.ofMinutes(1);

    private final List<List<Part>> stages;
    private final ProcessesFile file;
    private final Consumer<String> say;
    private final Waiting waiting;
    private final Map<String, Long> pids = new ConcurrentHashMap<>();
    private final List<Thread> watchers = new ArrayList<>();
    private final Object closing = new Object();
    private final Object fileLock = new Object();
    private volatile boolean stopping;
    private boolean closed;

    public Supervisor(List<List<Part>> stages, ProcessesFile file, Consumer<String> say, Waiting waiting) {
        this.stages = stages.stream().map(List::copyOf).toList();
        this.file = file;
        this.say = say;
        this.waiting = waiting;
    }

    /**
     * Starts everything and returns when all parts are ready and {@code processes.json} is written.
     *
     * @throws PartFailedException for the first part that failed; call {@link #close()} then
     */
    public void start() throws PartFailedException, InterruptedException {
        for (var stage : stages) {
            startStage(stage);
        }
        synchronized (closing) {
            if (stopping) {
                return;
            }
            for (var part : parts()) {
                watchers.add(Thread.ofVirtual().name("watch-" + part.name()).start(() -> watch(part)));
            }
        }
        try {
            writeFile();
        } catch (IOException e) {
            throw new PartFailedException("processes.json could not be written: " + e.getMessage(), e);
        }
    }

    /** Whether {@link #close()} was called: a failure seen after that is only an effect of it. */
    public boolean isStopping() {
        return stopping;
    }

    /** Stops everything, the last stage first; a second call waits for the first and does nothing. */
    @Override
    public void close() {
        stopping = true;
        synchronized (closing) {
            if (closed) {
                return;
            }
            closed = true;
            watchers.forEach(Thread::interrupt);
            watchers.forEach(Supervisor::joinQuietly);
            for (var stage : stages.reversed()) {
                inParallel(stage, Part::stop);
            }
            deleteFile();
        }
    }

    /** The pause before the given restart in a row (1, 2, …): doubling up to a quarter of a minute. */
    static Duration pauseBefore(int restart) {
        var pause = FIRST_PAUSE.multipliedBy(1L << Math.min(restart - 1, 10));
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }

    private void startStage(List<Part> stage) throws PartFailedException, InterruptedException {
        var failures = new ConcurrentHashMap<String, PartFailedException>();
        inParallel(stage, part -> {
            try {
                launch(part);
            } catch (PartFailedException e) {
                failures.put(part.name(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        for (var part : stage) {
            var failure = failures.get(part.name());
            if (failure != null) {
                throw failure;
            }
        }
    }

    private void launch(Part part) throws PartFailedException, InterruptedException {
        if (stopping) {
            throw new PartFailedException(part.name() + " is not started, since everything is being stopped.");
        }
        var begun = waiting.clock().instant();
        pids.put(part.name(), part.launch());
        var took = Duration.between(begun, waiting.clock().instant());
        say.accept("  %-10s ready (%d.%d s)".formatted(part.name(), took.toSeconds(), took.toMillisPart() / 100));
    }

    private void watch(Part part) {
        try {
            int restarts = 0;
            var readySince = waiting.clock().instant();
            while (!stopping) {
                if (part.isRunning()) {
                    waiting.sleeper().sleep(LOOK_EVERY);
                    continue;
                }
                restarts = wasSound(readySince) ? 1 : restarts + 1;
                restart(part, pauseBefore(restarts));
                readySince = waiting.clock().instant();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the supervisor is closing
        }
    }

    private void restart(Part part, Duration pause) throws InterruptedException {
        say.accept("%s ended; starting it again.".formatted(part.name()));
        waiting.sleeper().sleep(pause);
        try {
            launch(part);
            writeFile();
        } catch (PartFailedException e) {
            if (!stopping) {
                say.accept(String.valueOf(e.getMessage()));
            }
        } catch (IOException e) {
            say.accept("processes.json could not be written: " + e.getMessage());
        }
    }

    private boolean wasSound(Instant readySince) {
        return Duration.between(readySince, waiting.clock().instant()).compareTo(SOUND_AFTER) > 0;
    }

    private void writeFile() throws IOException {
        synchronized (fileLock) {
            if (!stopping) {
                file.write(parts().stream().map(this::entry).toList());
            }
        }
    }

    private void deleteFile() {
        synchronized (fileLock) {
            try {
                file.delete();
            } catch (IOException e) {
                say.accept("processes.json could not be removed: " + e.getMessage());
            }
        }
    }

    private ProcessesFile.Entry entry(Part part) {
        @Nullable Integer port = part.port().isPresent() ? part.port().getAsInt() : null;
        return new ProcessesFile.Entry(part.name(), pids.getOrDefault(part.name(), 0L), port);
    }

    private List<Part> parts() {
        return stages.stream().flatMap(List::stream).toList();
    }

    private static void inParallel(List<Part> parts, Consumer<Part> action) {
        var threads = parts.stream()
                .map(part -> Thread.ofVirtual().name(part.name()).start(() -> action.accept(part)))
                .toList();
        threads.forEach(Supervisor::joinQuietly);
    }

    private static void joinQuietly(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true; // what was begun is finished first
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
