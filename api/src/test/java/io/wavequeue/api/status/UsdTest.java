package io.wavequeue.api.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsdTest {
    @ParameterizedTest
    @CsvSource({"0.021700, 0.0217", "10.000000, 10", "0.000000, 0", "0.000001, 0.000001", "1E+3, 1000"})
    void shouldShowNoMorePlacesThanNeeded(BigDecimal usd, String shown) {
        assertThat(Usd.shown(usd)).hasToString(shown);
    }

    @Test
    void shouldShowNothingWhenNothingIsKnown() {
        assertThat(Usd.shown(null)).isNull();
    }
}
