package io.wavequeue.store.view;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DifferenceCursorTest {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldReadWhatItWrote(boolean open) {
        DifferenceCursor cursor = new DifferenceCursor(open, 1_234_567_890_123L);

        assertThat(DifferenceCursor.parse(cursor.text())).contains(cursor);
        assertThat(cursor.text()).matches("[A-Za-z0-9_-]+");
    }

    @Test
    void shouldRefuseWhatItDidNotWrite() {
        String text = new DifferenceCursor(true, 7).text();

        assertThat(DifferenceCursor.parse("")).isEmpty();
        assertThat(DifferenceCursor.parse("é")).isEmpty();
        assertThat(DifferenceCursor.parse(text.substring(1))).isEmpty();
        assertThat(DifferenceCursor.parse(text.replace('A', 'B'))).isEmpty();
    }
}
