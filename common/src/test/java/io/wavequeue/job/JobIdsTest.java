package io.wavequeue.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class JobIdsTest {
    private static final Instant NOW = Instant.parse("2026-01-31T18:30:00.120Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
    private final JobIds ids = new JobIds(now::get, new Random(7));

    /** As the database orders them: by their bytes, which is the order of their texts. */
    private List<String> made(int count) {
        return Stream.generate(ids::next).limit(count).map(UUID::toString).toList();
    }

    @Test
    void shouldRiseWithinAMillisecond() {
        assertThat(made(10_000)).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void shouldRiseWhenTheClockIsSetBack() {
        String before = made(1).getFirst();
        now.set(NOW.minusSeconds(60));
        assertThat(made(1).getFirst()).isGreaterThan(before);
    }

    @Test
    void shouldTellTheTimeOfTheirMaking() {
        UUID id = ids.next();
        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16)).isEqualTo(NOW);
    }
}
