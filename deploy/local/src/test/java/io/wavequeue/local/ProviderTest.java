package io.wavequeue.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProviderTest {
    private static final Map<String, String> KEY_ONLY = Map.of("WAVESPEED_API_KEY", "secret");
    private static final Map<String, String> URL_ONLY = Map.of("WAVESPEED_BASE_URL", "http://10.0.0.1:9000/");
    private static final Map<String, String> BOTH =
            Map.of("WAVESPEED_API_KEY", "secret", "WAVESPEED_BASE_URL", "http://10.0.0.1:9000");
    private static final URI OTHER = URI.create("http://10.0.0.1:9000");

    @Nested
    final class Up {
        @Test
        void shouldSimulateWhenNothingIsSet() throws CannotStartException {
            assertThat(Provider.forUp(Map.of())).isEqualTo(new Provider.Simulated());
            assertThat(Provider.forUp(Map.of("WAVESPEED_API_KEY", " "))).isEqualTo(new Provider.Simulated());
        }

        @Test
        void shouldPayWhenOnlyTheKeyIsSet() throws CannotStartException {
            assertThat(Provider.forUp(KEY_ONLY)).isEqualTo(new Provider.Real("secret"));
        }

        @Test
        void shouldSendAPlaceholderWhenOnlyTheBaseUrlIsSet() throws CannotStartException {
            assertThat(Provider.forUp(URL_ONLY)).isEqualTo(new Provider.Other(OTHER, "wavequeue-placeholder"));
        }

        @Test
        void shouldSendTheKeyToTheOtherServerWhenBothAreSet() throws CannotStartException {
            assertThat(Provider.forUp(BOTH)).isEqualTo(new Provider.Other(OTHER, "secret"));
        }

        @Test
        void shouldKnowTheRealProviderWhenTheBaseUrlNamesIt() throws CannotStartException {
            var environment = Map.of("WAVESPEED_API_KEY", "secret", "WAVESPEED_BASE_URL", "https://API.wavespeed.ai/");
            assertThat(Provider.forUp(environment)).isEqualTo(new Provider.Real("secret"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"localhost:9000", "ftp://host", "not a url", "http://host/api/v3/"})
        void shouldRefuseABaseUrlThatCannotBeOne(String url) {
            assertThatExceptionOfType(CannotStartException.class)
                    .isThrownBy(() -> Provider.forUp(Map.of("WAVESPEED_BASE_URL", url)))
                    .withMessageStartingWith("WAVESPEED_BASE_URL is ");
        }
    }

    @Nested
    final class Demo {
        @Test
        void shouldNotPayWhenTheKeyIsSet() throws CannotStartException {
            assertThat(Provider.forDemo(KEY_ONLY)).isEqualTo(new Provider.Simulated());
        }

        @Test
        void shouldNotHandOnTheKeyWhenAnotherServerIsNamed() throws CannotStartException {
            assertThat(Provider.forDemo(BOTH)).isEqualTo(new Provider.Other(OTHER, "wavequeue-placeholder"));
        }

        @Test
        void shouldRefuseWhenTheBaseUrlNamesTheRealProvider() {
            assertThatExceptionOfType(CannotStartException.class)
                    .isThrownBy(() -> Provider.forDemo(Map.of("WAVESPEED_BASE_URL", "https://api.wavespeed.ai")))
                    .withMessageContaining("demo never pays");
        }

        @Test
        void shouldPayWhenRealIsAskedForWithAKey() throws CannotStartException {
            assertThat(Provider.forRealDemo(KEY_ONLY)).isEqualTo(new Provider.Real("secret"));
        }

        @Test
        void shouldRefuseWhenRealIsAskedForWithoutAKey() {
            assertThatExceptionOfType(CannotStartException.class)
                    .isThrownBy(() -> Provider.forRealDemo(URL_ONLY))
                    .withMessageContaining("WAVESPEED_API_KEY, which is not set");
        }
    }

    @Test
    void shouldHideTheKeyWhenPrinted() {
        assertThat(new Provider.Real("secret") + " " + new Provider.Other(OTHER, "secret"))
                .doesNotContain("secret");
    }
}
