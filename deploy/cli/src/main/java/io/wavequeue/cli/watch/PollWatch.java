package io.wavequeue.cli.watch;

import io.wavequeue.cli.client.ApiException;
import io.wavequeue.cli.client.Pace;
import java.time.Duration;
import java.time.Instant;

/** Follows what has no stream of events, by looking again and again. */
public final class PollWatch {

    /** What is short is seen to end at once; what takes long has its jobs counted at every look. */
    private static final Duration SHORTEST = Duration.ofMillis(500);

    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final int LOOKS_IN_ITS_AGE = 10;

    private final Pace pace;
    private final WatchView view;
    private final Absence absence;
    private final Stillness stillness;

    /** Shows there what it sees. */
    public PollWatch(Pace pace, WatchView view) {
        this.pace = pace;
        this.view = view;
        this.absence = new Absence(pace, view);
        this.stillness = new Stillness(pace);
    }

    /** Asks the API how it is now. */
    @FunctionalInterface
    public interface Look<W extends Watched> {

        /** One look. */
        W now() throws InterruptedException;
    }

    /** Follows to the end; what is still open then waits for a person. */
    public <W extends Watched> W follow(Look<W> look) throws InterruptedException {
        Instant start = pace.instant();
        W seen = look.now();
        while (true) {
            view.show(seen);
            if (!seen.open() || stillness.lasts(seen.still())) {
                return seen;
            }
            pace.sleep(untilNext(pace.since(start)));
            seen = again(look, seen);
        }
    }

    private static Duration untilNext(Duration age) {
        Duration next = age.dividedBy(LOOKS_IN_ITS_AGE);
        return next.compareTo(SHORTEST) < 0 ? SHORTEST : next.compareTo(LONGEST) > 0 ? LONGEST : next;
    }

    private <W extends Watched> W again(Look<W> look, W before) throws InterruptedException {
        try {
            W seen = look.now();
            absence.over();
            return seen;
        } catch (ApiException e) {
            absence.bear(e);
            return before;
        }
    }
}
