package io.wavequeue.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhooksTest {
    private static final UUID TOKEN = UUID.fromString("6b1f2f0e-6f7c-4b7e-9a51-0c7a3f1c2d3e");

    private static Webhooks webhooks(Map<String, String> settings) {
        return new Webhooks(new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withMapping(WavequeueConfig.class)
                .withDefaultValues(settings)
                .build()
                .getConfigMapping(WavequeueConfig.class));
    }

    private static Webhooks at(String url) {
        return webhooks(Map.of("wavequeue.webhook.url", url));
    }

    @Test
    void shouldBeOffWithoutAnAddress() {
        Webhooks off = webhooks(Map.of());
        assertThat(off.areOn()).isFalse();
        assertThat(off.arePublic()).isFalse();
        assertThat(off.address(TOKEN)).isNull();
        assertThat(off.secrets()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "https://hooks.example, true, https://hooks.example",
        "https://hooks.example:8443/wq/, true, https://hooks.example:8443/wq",
        "HTTPS://hooks.example//, true, HTTPS://hooks.example",
        "https://localhost, false, https://localhost",
        "http://127.0.0.1:8080, false, http://127.0.0.1:8080",
        "http://[::1]:8080/, false, http://[::1]:8080"
    })
    void shouldNameAnAddressBelowThePublicOne(String url, boolean isPublic, String base) {
        assertThat(at(url).areOn()).isTrue();
        assertThat(at(url).arePublic()).isEqualTo(isPublic);
        assertThat(at(url).address(TOKEN)).isEqualTo(base + "/v1/webhooks/wavespeed/" + TOKEN);
        assertThat(at(url).address(null)).as("claimed while they were off").isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://hooks.example",
                "hooks.example",
                "/hooks",
                "ftp://localhost",
                "https://user:word@hooks.example",
                "https://hooks.example?a=b",
                "https://hooks.example#x",
                "mailto:a@b"
            })
    void shouldEndTheStartWhenTheAddressIsNone(String url) {
        assertThatThrownBy(() -> at(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("WAVEQUEUE_WEBHOOK_URL is \"" + url + "\"");
    }

    @Test
    void shouldTakeSeveralSecrets() {
        assertThat(webhooks(Map.of("wavequeue.webhook.secret", "whsec_a, whsec_b"))
                        .secrets())
                .containsExactly("whsec_a", "whsec_b");
    }
}
