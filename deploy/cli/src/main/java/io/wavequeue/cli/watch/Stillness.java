package io.wavequeue.cli.watch;

import io.wavequeue.cli.client.Pace;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Whether nothing has moved for so long that only a person helps: what is held for a moment is no reason to stop. */
final class Stillness {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Pace pace;
    private @Nullable Instant since;

    Stillness(Pace pace) {
        this.pace = pace;
    }

    /** Looked at now, and called at every look. */
    boolean lasts(boolean still) {
        if (!still) {
            since = null;
        } else if (since == null) {
            since = pace.instant();
        } else {
            return pace.since(since).compareTo(PATIENCE) > 0;
        }
        return false;
    }
}
