package io.wavequeue.api.batch;

import io.wavequeue.store.BatchEvents.Horizon;
import io.wavequeue.store.BatchEvents.Place;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What was seen last of a batch that somebody listens to, and when it is to be looked at again. */
final class BatchLook {
    private static final Duration AT_MOST_EVERY = Duration.ofSeconds(1);

    /** Money changes without an event. */
    private static final Duration AT_LEAST_EVERY = Duration.ofSeconds(15);

    private Instant lookedAt = Instant.MIN;
    private boolean isTouched = true;
    private @Nullable String seen;
    private @Nullable Horizon doneSince;

    /** An event of it was read. */
    void touch() {
        isTouched = true;
    }

    boolean isDue(Instant now) {
        return lookedAt.equals(Instant.MIN) || !now.isBefore(lookedAt.plus(isTouched ? AT_MOST_EVERY : AT_LEAST_EVERY));
    }

    /**
     * @param batch its JSON; null = it is gone
     * @param done when it was seen to be done, how far events could be read then; null = it is not
     */
    void saw(Instant now, @Nullable String batch, @Nullable Horizon done) {
        lookedAt = now;
        isTouched = false;
        seen = batch;
        doneSince = done == null || doneSince == null ? done : doneSince;
    }

    @Nullable
    String seen() {
        return seen;
    }

    /** Whether it is done, and who has come to this place has had all of its events. */
    boolean isDoneAt(Place place) {
        return doneSince != null && place.xid() >= doneSince.next();
    }
}
