package io.wavequeue.store.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobCursorTest {
    private static final JobCursor CURSOR = new JobCursor(
            Instant.parse("2026-01-31T18:30:00.123456Z"), UUID.fromString("019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d11"));

    @Test
    void shouldComeBackAsItWas() {
        assertThat(JobCursor.parse(CURSOR.text())).contains(CURSOR);
    }

    @Test
    void shouldComeBackAsItWasBefore1970() {
        JobCursor old = new JobCursor(Instant.parse("0001-01-01T00:00:00.000001Z"), new UUID(-1, -1));
        assertThat(JobCursor.parse(old.text())).contains(old);
    }

    @Test
    void shouldNeedNoEscapingInAUrl() {
        assertThat(new JobCursor(Instant.EPOCH.minusNanos(1_000), new UUID(-1, -1)).text())
                .matches("[A-Za-z0-9_-]+");
    }

    @Test
    void shouldKeepWholeMicroseconds() {
        JobCursor finer = new JobCursor(CURSOR.createdAt().plusNanos(999), CURSOR.id());
        assertThat(finer).isEqualTo(CURSOR);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "garbage",
                "%%%",
                "AAAA",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "f_______________________________________"
            })
    void shouldBeRefusedWhenWeDidNotMakeIt(String text) {
        assertThat(JobCursor.parse(text)).isEmpty();
    }

    @Test
    void shouldBeRefusedWhenItWasChanged() {
        String text = CURSOR.text();
        for (int i = 0; i < text.length(); i++) {
            char other = text.charAt(i) == 'A' ? 'B' : 'A';
            String changed = text.substring(0, i) + other + text.substring(i + 1);
            assertThat(JobCursor.parse(changed)).isNotEqualTo(JobCursor.parse(text));
        }
    }
}
