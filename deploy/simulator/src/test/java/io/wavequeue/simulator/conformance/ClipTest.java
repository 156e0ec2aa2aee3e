package io.wavequeue.simulator.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ClipTest {

    /** Each reading, exact and as a service would show it that rounds to 4 decimals. */
    @ParameterizedTest
    @CsvSource({
        "0.00208, 'the extension alone, to the fraction'",
        "0.0021,  'the extension alone, to the fraction'",
        "0.0022,  'the extension alone, rounded up'",
        "0.0020,  'the extension alone, rounded down'",
        "0.00614, 'the whole output, to the fraction'",
        "0.0061,  'the whole output, to the fraction'",
        "0.0062,  'the whole output, rounded up'",
        "0.0060,  'the whole output, rounded down'",
        "0.0064,  'source and extension, each rounded up'",
        "0.00406, 'the source alone'",
        "0.0102,  'none of the readings: 51.00 s'"
    })
    void shouldTellWhichSecondsAPriceCounts(String usd, String reading) {
        assertThat(new Clip(new BigDecimal("0.0002")).reading(new BigDecimal(usd), BigDecimal.ONE))
                .isEqualTo(Usd.text(new BigDecimal(usd)) + " for 10.4 s after 20.3 s is " + reading);
    }
}
