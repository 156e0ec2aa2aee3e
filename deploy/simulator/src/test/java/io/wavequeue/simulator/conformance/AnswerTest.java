package io.wavequeue.simulator.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class AnswerTest {

    @Test
    void shouldShowNeitherTheKeyNorWhatMovesTheCursor() {
        assertThat(answer("{\"message\":\"no key k-123\"}\n\u001b[2J").shown())
                .isEqualTo("HTTP 401 {\"message\":\"no key ***\"} [2J");
    }

    @Test
    void shouldShowTheStartOfALongPage() {
        assertThat(answer("x".repeat(1_000)).shown()).hasSizeLessThan(140).endsWith("x…");
        assertThat(answer("").shown()).isEqualTo("HTTP 401 without a body");
    }

    private static Answer answer(String body) {
        return new Answer(
                401, HttpHeaders.of(Map.of(), (name, value) -> true), body.getBytes(StandardCharsets.UTF_8), "k-123");
    }
}
