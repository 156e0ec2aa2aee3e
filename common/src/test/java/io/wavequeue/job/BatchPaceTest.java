package io.wavequeue.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BatchPaceTest {
    @Test
    void shouldGoOnAsItDidLately() {
        assertThat(new BatchPace(30, 60, null).secondsFor(80, 20)).hasValue(200);
        assertThat(new BatchPace(3, 10, null).secondsFor(1, 0)).hasValue(4);
    }

    @Test
    void shouldNotBeFasterThanTheAccountMaySubmit() {
        assertThat(new BatchPace(300, 60, 60).secondsFor(600, 50)).hasValue(600);
        assertThat(new BatchPace(300, 60, 60).secondsFor(0, 50)).hasValue(10);
    }

    @Test
    void shouldSayNothingWhenNothingEndedLatelyOrNothingIsLeft() {
        assertThat(new BatchPace(0, 60, 60).secondsFor(10, 10)).isEmpty();
        assertThat(new BatchPace(5, 0, 60).secondsFor(10, 10)).isEmpty();
        assertThat(new BatchPace(5, 60, 60).secondsFor(0, 0)).isEmpty();
    }
}
