package io.wavequeue.api.http;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.wavequeue.wiring.WavequeueConfig;
import io.wavequeue.wiring.Webhooks;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrontDoorTest {
    private static void open(String host, String webhookUrl, @Nullable String key) {
        Webhooks webhooks = new Webhooks(new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withMapping(WavequeueConfig.class)
                .withDefaultValues(Map.of("wavequeue.webhook.url", webhookUrl))
                .build()
                .getConfigMapping(WavequeueConfig.class));
        new FrontDoor(
                        new ProblemAnswers(new ObjectMapper()),
                        () -> Optional.ofNullable(key),
                        () -> new MemorySize(BigInteger.ONE),
                        webhooks,
                        host)
                .install(new Filters());
    }

    /** A proxy that passes on more than webhooks, under a Host of its own, would let anybody spend. */
    @ParameterizedTest
    @CsvSource({"127.0.0.1,https://hooks.example,WEBHOOK_URL", "0.0.0.0,http://localhost,is to listen on 0.0.0.0"})
    void shouldNotOpenWithoutAKeyWhereOthersGetIn(String host, String webhookUrl, String reason) {
        assertThatThrownBy(() -> open(host, webhookUrl, null))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(reason)
                .hasMessageContaining("WAVEQUEUE_API_KEY");
        assertThatCode(() -> open(host, webhookUrl, "key")).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1,http://localhost:8080", "localhost,https://127.0.0.1"})
    void shouldOpenWithoutAKeyOnLoopback(String host, String webhookUrl) {
        assertThatCode(() -> open(host, webhookUrl, null)).doesNotThrowAnyException();
    }
}
