package io.wavequeue.cli;

import io.wavequeue.cli.client.Pace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A clock that only waiting moves on. */
public final class ManualTime {

    private Instant now = Instant.parse("2026-11-21T03:00:00Z");
    private final List<Duration> waits = new ArrayList<>();

    public Pace pace() {
        return new Pace(() -> now, this::sleep);
    }

    public List<Duration> waits() {
        return List.copyOf(waits);
    }

    private void sleep(Duration duration) {
        waits.add(duration);
        now = now.plus(duration);
    }
}
