package io.wavequeue.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiAddressTest {

    @Test
    void shouldKeepPrefixAndDropSlashesWhenResolving() {
        assertThat(new ApiAddress("https://audio.example/wq// ").resolve("/v1/jobs?limit=5"))
                .isEqualTo(URI.create("https://audio.example/wq/v1/jobs?limit=5"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "127.0.0.1:8080", "ftp://a", "http://", "http://a b", "http://a?x=1", "http://a#b"})
    void shouldQuoteValueWhenItIsNoAddress(String text) {
        assertThatThrownBy(() -> new ApiAddress(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("'" + text + "' is no address");
    }
}
