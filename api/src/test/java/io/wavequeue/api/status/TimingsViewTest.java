package io.wavequeue.api.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.store.view.StoredJob;
import io.wavequeue.store.view.StoredJob.Attempt;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TimingsViewTest {
    private static final Instant CREATED = Instant.parse("2026-01-31T18:30:00Z");

    private static Attempt attempt(
            int number, @Nullable Instant submitted, @Nullable Instant accepted, @Nullable Instant completed) {
        return new Attempt(number, "completed", "p", submitted, accepted, completed, 2, 900, 40, null, null, null);
    }

    private static StoredJob job(@Nullable Instant settled, Attempt... attempts) {
        StoredJob.State state = new StoredJob.State("running", false, null, null, CREATED, settled);
        return new StoredJob(
                new UUID(1, 2),
                state,
                "m",
                "bulk",
                "{}",
                "{}",
                null,
                null,
                3,
                null,
                List.of(attempts),
                List.of(),
                List.of());
    }

    @Test
    void shouldTellNothingButCreationWhenTheJobWaits() {
        assertThat(TimingsView.of(job(null)))
                .isEqualTo(new TimingsView(CREATED, null, null, null, null, null, null, null, null));
    }

    @Test
    void shouldTellTheTotalWhenTheJobEndedUnsubmitted() {
        assertThat(TimingsView.of(job(CREATED.plusMillis(70))).totalMs()).isEqualTo(70);
    }

    @Test
    void shouldTellTheLastAttemptWhenThereWereSeveral() {
        Attempt first = attempt(1, CREATED.plusMillis(1), CREATED.plusMillis(2), CREATED.plusMillis(3));
        Attempt last = attempt(2, CREATED.plusMillis(100), CREATED.plusMillis(130), CREATED.plusMillis(1_130));
        assertThat(TimingsView.of(job(CREATED.plusMillis(1_200), first, last)))
                .isEqualTo(new TimingsView(
                        CREATED,
                        CREATED.plusMillis(100),
                        CREATED.plusMillis(1_200),
                        100L,
                        30L,
                        1_000L,
                        900L,
                        40L,
                        1_200L));
    }

    @Test
    void shouldLeaveOpenWhatHasNotHappened() {
        TimingsView timings = TimingsView.of(job(null, attempt(1, CREATED.plusMillis(5), null, null)));
        assertThat(timings.queuedMs()).isEqualTo(5);
        assertThat(timings.submitMs()).isNull();
        assertThat(timings.runningMs()).isNull();
    }

    @Test
    void shouldNeverBeNegativeWhenClocksDiffer() {
        TimingsView timings = TimingsView.of(job(null, attempt(1, CREATED.minusMillis(5), CREATED, null)));
        assertThat(timings.queuedMs()).isZero();
    }
}
