package io.wavequeue.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestWordTest {

    private static final List<String> WORDS = List.of("demo", "models", "status", "account", "cost");

    @Test
    void shouldFindWordWhenLettersAreSwappedMissingOrTooMany() {
        assertThat(NearestWord.of("dmeo", WORDS)).contains("demo");
        assertThat(NearestWord.of("stats", WORDS)).contains("status");
        assertThat(NearestWord.of("costs", WORDS)).contains("cost");
        assertThat(NearestWord.of("acc", WORDS)).contains("account");
    }

    @Test
    void shouldFindNoneWhenNothingIsNear() {
        assertThat(NearestWord.of("photosynthesis", WORDS)).isEmpty();
    }

    @Test
    void shouldCountSwapAsOneWhenMeasuring() {
        assertThat(NearestWord.distance("ab", "ba")).isEqualTo(1);
        assertThat(NearestWord.distance("", "abc")).isEqualTo(3);
        assertThat(NearestWord.distance("same", "same")).isZero();
    }
}
