package io.wavequeue.cli.watch;

import io.wavequeue.cli.client.ApiException;
import io.wavequeue.cli.client.ApiRefusedException;
import io.wavequeue.cli.client.ApiUnreachableException;
import io.wavequeue.cli.client.ApiUnreadableException;
import io.wavequeue.cli.client.Pace;
import io.wavequeue.cli.screen.Seconds;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An API that is away: one that is started again is back within seconds, one that is moved within minutes. */
final class Absence {

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Pace pace;
    private final WatchView view;
    private @Nullable Instant since;

    Absence(Pace pace, WatchView view) {
        this.pace = pace;
        this.view = view;
    }

    /** It answered. */
    void over() {
        since = null;
    }

    /** Waiting goes on, or the exception is thrown: what is refused will not get better by waiting. */
    void bear(ApiException e) {
        boolean away =
                switch (e) {
                    case ApiUnreachableException _ -> true;
                    case ApiRefusedException refused -> refused.status() >= 500;
                    case ApiUnreadableException _ -> false;
                };
        if (!away || (since != null && pace.since(since).compareTo(PATIENCE) > 0)) {
            throw e;
        }
        if (since == null) {
            since = pace.instant();
            view.note(e.getMessage() + "; asking again for " + Seconds.about(PATIENCE.toSeconds()));
        }
    }
}
