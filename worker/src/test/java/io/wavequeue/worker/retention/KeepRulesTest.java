package io.wavequeue.worker.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wavequeue.store.RetentionStore.Keeping;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeepRulesTest {
    private record Given(String jobs, Optional<String> files, String media, String plans, Optional<String> bill)
            implements KeepConfig {
        static Given of(String jobs, String files, String media, String bill) {
            return new Given(jobs, given(files), media, "7d", given(bill));
        }

        private static Optional<String> given(String text) {
            return text.equals("-") ? Optional.empty() : Optional.of(text);
        }
    }

    private static Duration days(int days) {
        return Duration.ofDays(days);
    }

    @Test
    void shouldKeepFilesAsLongAsRowsAndTheBillLonger() {
        assertThat(KeepRules.of(Given.of("90d", "-", "90D", "-")))
                .isEqualTo(new Keeping(days(90), days(90), days(90), days(7), days(400)));
        assertThat(KeepRules.of(Given.of("500d", "forever", "8d", "-")))
                .isEqualTo(new Keeping(days(500), null, days(8), days(7), days(500)));
        assertThat(KeepRules.of(Given.of("forever", "-", "forever", "-")))
                .isEqualTo(new Keeping(null, null, null, days(7), null));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            never | -   | 90d | -   | WAVEQUEUE_KEEP_JOBS is "never"; it is a number of days, such as 90d, or forever
            0d    | -   | 90d | -   | WAVEQUEUE_KEEP_JOBS is "0d"; it is a number of days
            7d    | -   | 90d | -   | WAVEQUEUE_KEEP_JOBS is 7d; it is at least 8d
            90d   | 30d | 90d | -   | WAVEQUEUE_KEEP_FILES is 30d; it is at least 90d (WAVEQUEUE_KEEP_JOBS
            forever | 30d | 90d | - | WAVEQUEUE_KEEP_FILES is 30d; it is at least forever
            90d   | -   | 12h | -   | WAVEQUEUE_KEEP_MEDIA is "12h"; it is a number of days
            90d   | -   | 7d  | -   | WAVEQUEUE_KEEP_MEDIA is 7d; it is at least 8d
            90d   | -   | 90d | 60d | WAVEQUEUE_KEEP_BILL is 60d; it is at least 90d (WAVEQUEUE_KEEP_JOBS
            """)
    void shouldNameVariableValueAndReason(String jobs, String files, String media, String bill, String message) {
        assertThatThrownBy(() -> KeepRules.of(Given.of(jobs, files, media, bill)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }
}
