package io.wavequeue.cli.watch;

import io.wavequeue.cli.client.ApiException;
import io.wavequeue.cli.client.Pace;
import java.time.Duration;

/** Follows what has no stream of events, by looking again and again. */
public final class PollWatch {

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

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
        W seen = look.now();
        while (true) {
            view.show(seen);
            if (!seen.open() || stillness.lasts(seen.still())) {
                return seen;
            }
            pace.sleep(BETWEEN_LOOKS);
            seen = again(look, seen);
        }
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
