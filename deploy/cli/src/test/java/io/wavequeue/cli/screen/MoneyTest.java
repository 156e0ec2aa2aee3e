package io.wavequeue.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MoneyTest {

    @Test
    void shouldSumExactlyWhenAmountsAreTiny() {
        assertThat(Money.sum(List.of(usd("0.1"), usd("0.2"), usd("0.000001")))).hasToString("$0.300001");
    }

    @Test
    void shouldSayUnknownWhenAnAmountIsMissing() {
        assertThat(Money.sum(Arrays.asList(usd("0.0446"), null, null))).hasToString("$0.0446 + 2 unknown");
    }

    @Test
    void shouldShowAmountsWhenNegativeWholeOrNone() {
        assertThat(Money.exact(usd("-0.050"))).isEqualTo("-$0.05");
        assertThat(Money.exact(usd("100"))).isEqualTo("$100.00");
        assertThat(Money.column(usd("0.006"))).isEqualTo("0.006000");
        assertThat(Money.column(null)).isEqualTo("-");
    }

    @Test
    void shouldRoundSecondsWhenShown() {
        assertThat(Seconds.column(12_345L)).isEqualTo("12.35");
        assertThat(Seconds.column(null)).isEqualTo("-");
        assertThat(Seconds.of(Duration.ofMillis(61_250))).isEqualTo("61.3 s");
    }

    @Test
    void shouldBeLiveOnlyWhenTerminalCanRedraw() {
        assertThat(Terminal.of(true, Map.of("TERM", "xterm", "COLUMNS", "132"))).isEqualTo(new Terminal(true, 132));
        assertThat(Terminal.of(true, Map.of("TERM", "dumb"))).isEqualTo(new Terminal(false, 80));
        assertThat(Terminal.of(true, Map.of())).isEqualTo(new Terminal(false, 80));
        assertThat(Terminal.of(false, Map.of("TERM", "xterm", "COLUMNS", "wide")))
                .isEqualTo(new Terminal(false, 80));
    }

    private static BigDecimal usd(String amount) {
        return new BigDecimal(amount);
    }
}
