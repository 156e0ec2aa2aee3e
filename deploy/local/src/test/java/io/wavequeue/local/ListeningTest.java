package io.wavequeue.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ListeningTest {

    @ParameterizedTest
    @CsvSource({"127.0.0.1, http://127.0.0.1:80", "::1, http://[0:0:0:0:0:0:0:1]:80", "127.0.0.2, http://127.0.0.2:80"})
    void shouldNeedNoKeyWhenTheHostIsLoopback(String host, String url) throws CannotStartException {
        assertThat(Listening.at(host, 80, "").url()).hasToString(url);
    }

    @Test
    void shouldRefuseWhenOtherMachinesGetInWithoutAKey() {
        assertThatExceptionOfType(CannotStartException.class)
                .isThrownBy(() -> Listening.at("0.0.0.0", 80, " "))
                .withMessageContaining("WAVEQUEUE_API_KEY");
    }

    @Test
    void shouldBeCalledByLoopbackWhenItListensEverywhere() throws CannotStartException {
        assertThat(Listening.at("0.0.0.0", 80, "token").url()).hasToString("http://127.0.0.1:80");
    }

    @Test
    void shouldRefuseWhenThePortIsBusy() throws IOException, CannotStartException {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var listening = Listening.at("127.0.0.1", other.getLocalPort(), "");
            assertThatExceptionOfType(CannotStartException.class)
                    .isThrownBy(listening::requireFree)
                    .withMessage(
                            "Port %d of 127.0.0.1 is busy: stop what listens there, or name another port with --port."
                                    .formatted(other.getLocalPort()));
        }
    }
}
