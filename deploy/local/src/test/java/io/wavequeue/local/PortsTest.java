package io.wavequeue.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PortsTest {
    private static final int SEED = 7;

    @Test
    void shouldGiveEachPortOnceWhenTwoGiveInTheSameOrder() {
        var one = new Ports(SEED);
        var other = new Ports(SEED);
        Set<Integer> given = new HashSet<>();

        for (int i = 0; i < 2 * Ports.BLOCK + 1; i++) {
            assertThat(given.add(one.give())).isTrue();
            assertThat(given.add(other.give())).isTrue();
        }

        assertThat(given).allMatch(port -> port >= 20_000 && port < 32_000);
    }

    @Test
    void shouldPassOverAPortThatIsNamedOrListenedOn() throws Exception {
        var ports = new Ports(SEED);
        int before = ports.give();
        ports.exclude(before + 1);

        try (var other = new ServerSocket(before + 2, 1, InetAddress.getLoopbackAddress())) {
            assertThat(ports.give()).isGreaterThan(other.getLocalPort());
        }
    }
}
