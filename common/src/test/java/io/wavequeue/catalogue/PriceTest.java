package io.wavequeue.catalogue;

import static io.wavequeue.catalogue.PriceBasis.EXTENSION;
import static io.wavequeue.catalogue.PriceBasis.OUTPUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.catalogue.PriceRule.PerSecond;
import io.wavequeue.catalogue.PriceRule.SourceLength;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceTest {
    private static final Catalogue BY_EXTENSION = Catalogue.load(null, EXTENSION);
    private static final Catalogue BY_OUTPUT = Catalogue.load(null, OUTPUT);

    private static Price price(@Nullable String estimated, @Nullable String reserved) {
        return new Price(
                estimated == null ? null : new BigDecimal(estimated),
                reserved == null ? null : new BigDecimal(reserved));
    }

    @Nested
    class PerRun {
        @ParameterizedTest
        @CsvSource({
            Inputs.OUTPAINTING + ", 0.044600",
            Inputs.INPAINTING + ", 0.044200",
            Inputs.AUDIO_TO_AUDIO + ", 0.024000",
            Inputs.MUSIC + ", 0.021700",
        })
        void shouldBeThePagesPriceWhateverIsAsked(String model, String usd) {
            Price expected = price(usd, usd);
            ObjectNode effective = Inputs.effective(model, Inputs.valid(model));

            for (Catalogue catalogue : List.of(Inputs.CATALOGUE, BY_EXTENSION, BY_OUTPUT)) {
                assertThat(catalogue.price(Inputs.model(model), effective, null))
                        .isEqualTo(expected);
                assertThat(catalogue.price(Inputs.model(model), effective, new BigDecimal("3600")))
                        .isEqualTo(expected);
            }
            assertThat(expected.estimatedUsd()).hasToString(usd);
        }
    }

    @Nested
    class AceStep {
        private final Model model = Inputs.model(Inputs.ACE_STEP);
        private final ObjectNode thirtySeconds =
                Inputs.effective(Inputs.ACE_STEP, Inputs.json("{'audio':'https://example.com/a.wav','tags':'lofi'}"));

        @Test
        void shouldEstimateTheExtensionAndReserveTheLongestSourceWhenNothingIsKnown() {
            // (3600 + 30) x 0.0002
            assertThat(Inputs.CATALOGUE.price(model, thirtySeconds, null)).isEqualTo(price("0.006", "0.726"));
        }

        @Test
        void shouldReserveTheWholeOutputWhenTheSourceIsKnown() {
            assertThat(Inputs.CATALOGUE.price(model, thirtySeconds, new BigDecimal("60.5")))
                    .isEqualTo(price("0.006", "0.0181"));
        }

        @Test
        void shouldReserveWhatIsEstimatedWhenTheExtensionIsPinned() {
            assertThat(BY_EXTENSION.price(model, thirtySeconds, null)).isEqualTo(price("0.006", "0.006"));
            assertThat(BY_EXTENSION.price(model, thirtySeconds, new BigDecimal("60")))
                    .isEqualTo(price("0.006", "0.006"));
        }

        @Test
        void shouldCountTheSourceWhenTheOutputIsPinned() {
            assertThat(BY_OUTPUT.price(model, thirtySeconds, new BigDecimal("60")))
                    .isEqualTo(price("0.018", "0.018"));
        }

        @Test
        void shouldHaveNoEstimateWhenTheOutputIsPinnedAndTheSourceUnknown() {
            assertThat(BY_OUTPUT.price(model, thirtySeconds, null)).isEqualTo(price(null, "0.726"));
        }

        @Test
        void shouldAddBothExtensionsExactlyWhenSecondsAreFractions() {
            ObjectNode effective = Inputs.effective(
                    Inputs.ACE_STEP,
                    Inputs.valid(Inputs.ACE_STEP)
                            .setAll(Inputs.json("{'extend_before_duration':0.1,'extend_after_duration':0.2}")));

            assertThat(BY_EXTENSION.price(model, effective, null)).isEqualTo(price("0.00006", "0.00006"));
        }

        @Test
        void shouldFillInDefaultsWhenTheInputIsAsItWasAsked() {
            ObjectNode asked = Inputs.json("{'audio':'https://example.com/a.wav','tags':'lofi'}");

            assertThat(BY_EXTENSION.price(model, asked, null)).isEqualTo(price("0.006", "0.006"));
        }

        @Test
        void shouldBeUnknownWhenTheInputWasNeverCheckedAndDoesNotTell() {
            for (String seconds : List.of("'ten'", "null", "1e1000000000", "-40")) {
                ObjectNode asked = Inputs.with(Inputs.ACE_STEP, "extend_after_duration", seconds);

                assertThat(Inputs.CATALOGUE.price(model, asked, null)).isEqualTo(price(null, null));
            }
        }

        @Test
        void shouldRefuseWhenTheSourceLastsLessThanNothing() {
            assertThatThrownBy(() -> Inputs.CATALOGUE.price(model, thirtySeconds, new BigDecimal("-1")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("-1 s");
        }
    }

    @Nested
    class Rounding {
        private PerSecond rule(String usd, SecondsRounding rounding) {
            return new PerSecond(
                    new BigDecimal(usd),
                    List.of("seconds"),
                    EXTENSION,
                    new SourceLength("audio", new BigDecimal("3600")),
                    rounding);
        }

        @Test
        void shouldCountABegunSecondWholeOncePerRunWhenRoundingUp() {
            PerSecond rule = rule("0.0002", SecondsRounding.CEIL);

            assertThat(rule.price(Inputs.json("{'seconds':2.1}"), new BigDecimal("1.2"), null))
                    .isEqualTo(price("0.0006", "0.0008"));
            assertThat(rule.price(Inputs.json("{'seconds':2.0}"), new BigDecimal("1"), null))
                    .isEqualTo(price("0.0004", "0.0006"));
        }

        @ParameterizedTest
        @CsvSource({"0.0025, 0.000001", "0.002499, 0.000000", "0.0075, 0.000002", "12.3456, 0.002469"})
        void shouldRoundHalfUpToAMicroDollarWhenExact(String seconds, String usd) {
            ObjectNode input = Inputs.json("{'seconds':" + seconds + "}");

            assertThat(rule("0.0002", SecondsRounding.NONE).price(input, null, EXTENSION))
                    .isEqualTo(price(usd, usd));
        }

        @Test
        void shouldNotBeAmbiguousWhenThereIsNoSource() {
            PerSecond rule =
                    new PerSecond(new BigDecimal("0.0003"), List.of("seconds"), EXTENSION, null, SecondsRounding.NONE);

            assertThat(rule.price(Inputs.json("{'seconds':10}"), null, OUTPUT)).isEqualTo(price("0.003", "0.003"));
        }

        @Test
        void shouldKeepSixPlacesHalfUp() {
            assertThat(price("0.0000005", "0.0000015").estimatedUsd()).hasToString("0.000001");
            assertThat(price("0.0000005", "0.0000015").reservedUsd()).hasToString("0.000002");
        }
    }
}
