package io.wavequeue.worker.claim;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.job.Lane;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PlacesTest {
    private static final Duration NOT_AT_ALL = Duration.ZERO;

    @Test
    void shouldKeepSubmitConnectionsForInteractiveJobs() throws InterruptedException {
        Places places = new Places(16, 100);

        assertThat(places.reserve(Lane.BULK, 50, NOT_AT_ALL)).isEqualTo(14);
        assertThat(places.reserve(Lane.BULK, 50, NOT_AT_ALL)).isZero();
        assertThat(places.reserve(Lane.INTERACTIVE, 50, NOT_AT_ALL)).isEqualTo(2);

        places.unused(3);
        assertThat(places.reserve(Lane.BULK, 50, NOT_AT_ALL)).isEqualTo(1);
    }

    @Test
    void shouldKeepPlacesToFollowInteractiveJobs() throws InterruptedException {
        Places places = new Places(16, 10);

        assertThat(places.reserve(Lane.BULK, 50, NOT_AT_ALL)).isEqualTo(9);
        assertThat(places.reserve(Lane.INTERACTIVE, 50, NOT_AT_ALL)).isEqualTo(1);

        places.unused(10);
        assertThat(places.reserve(Lane.INTERACTIVE, 50, NOT_AT_ALL)).isEqualTo(10);
    }

    @Test
    void shouldKeepNothingWhereThereIsAlmostNothing() throws InterruptedException {
        assertThat(new Places(1, 1).reserve(Lane.BULK, 50, NOT_AT_ALL)).isEqualTo(1);
    }
}
