package io.wavequeue.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ChildEnvironmentTest {
    private static final Path DATA = Path.of("/data");
    private static final ChildEnvironment.Addresses ADDRESSES =
            new ChildEnvironment.Addresses("jdbc:x", "127.0.0.1:9092", "http://127.0.0.1:7000");
    private static final Map<String, String> JOINING = Map.of(
            "DATABASE_URL", "jdbc:x", "KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9092", "WAVEQUEUE_DATA_DIR", "/data");

    @Test
    void shouldReplaceTheKeyWhenTheSimulatorIsUsed() {
        var own = Map.of("WAVESPEED_API_KEY", "secret", "PATH", "/bin");
        assertThat(ChildEnvironment.shared(own, new Provider.Simulated(), DATA, ADDRESSES))
                .isEqualTo(with(Map.of(
                        "PATH", "/bin",
                        "WAVESPEED_BASE_URL", "http://127.0.0.1:7000",
                        "WAVESPEED_API_KEY", "wavequeue-placeholder",
                        "WAVEQUEUE_TIER", "ultra")));
    }

    @Test
    void shouldStartWithTheLeastLimitsAndABudgetWhenTheProviderIsReal() {
        var own = Map.of("WAVESPEED_API_KEY", "secret");
        assertThat(ChildEnvironment.shared(own, new Provider.Real("secret"), DATA, ADDRESSES))
                .isEqualTo(with(Map.of(
                        "WAVESPEED_BASE_URL", "https://api.wavespeed.ai",
                        "WAVESPEED_API_KEY", "secret",
                        "WAVEQUEUE_TIER", "bronze",
                        "WAVEQUEUE_DAILY_BUDGET_USD", "10")));
    }

    @Test
    void shouldKeepWhatThePersonSetWhenThereIsADefault() {
        var own = Map.of("WAVEQUEUE_TIER", "gold", "WAVEQUEUE_DAILY_BUDGET_USD", "3", "WAVEQUEUE_MAX_IN_FLIGHT", "7");
        assertThat(ChildEnvironment.shared(own, new Provider.Real("secret"), DATA, ADDRESSES))
                .containsAllEntriesOf(own);
    }

    @Test
    void shouldTakeTheDefaultWhenAVariableIsSetButEmpty() {
        assertThat(ChildEnvironment.shared(Map.of("WAVEQUEUE_TIER", ""), new Provider.Simulated(), DATA, ADDRESSES))
                .containsEntry("WAVEQUEUE_TIER", "ultra");
    }

    @Test
    void shouldUseTheLargestTierWhenAnotherServerIsNamed() {
        var other = new Provider.Other(URI.create("http://other"), "key");
        assertThat(ChildEnvironment.shared(Map.of(), other, DATA, ADDRESSES))
                .isEqualTo(with(Map.of(
                        "WAVESPEED_BASE_URL", "http://other", "WAVESPEED_API_KEY", "key", "WAVEQUEUE_TIER", "ultra")));
    }

    @Test
    void shouldHandNeitherKeyNorDatabaseToProgramsThatNeedNoProvider() {
        var own = Map.of("WAVESPEED_API_KEY", "secret", "DATABASE_URL", "jdbc:secret", "HOME", "/home/me");
        assertThat(ChildEnvironment.plain(own)).isEqualTo(Map.of("HOME", "/home/me"));
    }

    @Test
    void shouldNameHostAndPortForAQuarkusProgram() {
        assertThat(ChildEnvironment.listening(Map.of("A", "b"), "127.0.0.1", 8080))
                .isEqualTo(Map.of("A", "b", "QUARKUS_HTTP_HOST", "127.0.0.1", "QUARKUS_HTTP_PORT", "8080"));
    }

    private static Map<String, String> with(Map<String, String> more) {
        var all = new HashMap<>(JOINING);
        all.putAll(more);
        return all;
    }
}
