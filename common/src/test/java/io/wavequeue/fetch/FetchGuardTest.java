package io.wavequeue.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wavequeue.fetch.FetchGuard.Verdict;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FetchGuardTest {
    private static final Map<String, List<String>> NAMES = Map.of(
            "public.test", List.of("93.184.216.34"),
            "inside.test", List.of("10.1.2.3"),
            "both.test", List.of("192.168.0.9", "93.184.216.34"),
            "both-inside.test", List.of("192.168.0.9", "::1"));

    private final List<String> asked = new ArrayList<>();
    private final FetchGuard guard = guard();

    private FetchGuard guard(String... allow) {
        return new FetchGuard(this::resolve, List.of(allow));
    }

    /** Names of the table; IP addresses as they are. */
    private List<InetAddress> resolve(String host) throws UnknownHostException {
        asked.add(host);
        if (host.endsWith(".test") && !NAMES.containsKey(host)) {
            throw new UnknownHostException(host);
        }
        List<InetAddress> addresses = new ArrayList<>();
        for (String address : NAMES.getOrDefault(host, List.of(host))) {
            addresses.add(InetAddress.getByName(address));
        }
        return addresses;
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, a loopback address",
        "127.255.255.254, a loopback address",
        "[::1], a loopback address",
        "[::ffff:127.0.0.1], a loopback address",
        "[::ffff:a01:203], a private address",
        "0.0.0.0, an address of this host",
        "[::], an address of this host",
        "10.0.0.1, a private address",
        "172.16.0.1, a private address",
        "172.31.255.255, a private address",
        "192.168.1.1, a private address",
        "[fd00:ec2::254], a private address",
        "[fec0::1], a private address",
        "169.254.169.254, a link-local address",
        "[fe80::1], a link-local address",
        "100.64.0.1, an address of a provider's own network",
        "100.127.255.255, an address of a provider's own network",
        "224.0.0.1, a multicast address",
        "239.255.255.255, a multicast address",
        "[ff02::1], a multicast address",
        "255.255.255.255, a reserved address",
        "240.0.0.1, a reserved address",
        "198.18.0.1, a reserved address",
        "192.0.2.7, a reserved address",
        "168.63.129.16, a reserved address",
        "[2001:db8::1], a reserved address",
        "[4000::1], a reserved address",
        "[64:ff9b::a00:1], an IPv4 address within an IPv6 address",
        "[64:ff9b:1::a00:1], an IPv4 address within an IPv6 address",
        "[2002:a00:1::], an IPv4 address within an IPv6 address",
        "[2001:0:a00:1::], an IPv4 address within an IPv6 address",
        "[::a00:1], an IPv4 address within an IPv6 address",
        "inside.test, a private address",
        "both-inside.test, a private address"
    })
    void shouldRefuseWhatIsNotPublic(String host, String kind) {
        assertThat(guard.check(URI.create("http://" + host + "/a.wav")))
                .isEqualTo(new Verdict.Refused("leads to " + kind
                        + "; only public ones are fetched from, and what WAVEQUEUE_FETCH_ALLOW names"));
        assertThat(guard.leadsInside(host)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "http://93.184.216.34/a.wav, 93.184.216.34, 80",
        "https://93.184.216.34:443/a.wav, 93.184.216.34, 443",
        "HTTPS://Public.TEST/a.wav?x=1, 93.184.216.34, 443",
        "http://both.test/a.wav, 93.184.216.34, 80",
        "http://[2606:2800:220:1::1]/a.wav, 2606:2800:220:1::1, 80",
        "http://172.15.255.255/, 172.15.255.255, 80",
        "http://172.32.0.0/, 172.32.0.0, 80",
        "http://100.63.255.255/, 100.63.255.255, 80",
        "http://100.128.0.0/, 100.128.0.0, 80"
    })
    void shouldNameTheAddressToConnectToWhenItIsPublic(String url, String address, int port)
            throws UnknownHostException {
        assertThat(guard.check(URI.create(url)))
                .isEqualTo(new Verdict.Allowed(URI.create(url), InetAddress.getByName(address), port));
        assertThat(asked).as("asked for once").hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "ftp://public.test/a.wav, is not an http or https URL",
        "file:///etc/passwd, is not an http or https URL",
        "a.wav, is not an http or https URL",
        "http:///a.wav, is a URL without a usable host",
        "http://my_host/a.wav, is a URL without a usable host",
        "http://me:secret@public.test/a.wav, 'carries a user or a password, which are not sent to anybody'",
        "http://public.test:0/a.wav, is a URL with the impossible port 0",
        "http://public.test:70000/a.wav, is a URL with the impossible port 70000"
    })
    void shouldRefuseWhatIsNoPlainWebAddressWithoutAskingForItsName(String url, String reason) {
        assertThat(guard.check(URI.create(url))).isEqualTo(new Verdict.Refused(reason));
        assertThat(asked).isEmpty();
    }

    @Test
    void shouldRefuseOtherPortsWhereNobodyAllowedTheHost() {
        assertThat(guard.check(URI.create("http://public.test:6379/")))
                .isEqualTo(new Verdict.Refused("has the port 6379; 80 and 443 are allowed, others where"
                        + " WAVEQUEUE_FETCH_ALLOW names the host"));
        assertThat(guard("public.test").check(URI.create("http://public.test:6379/")))
                .isInstanceOf(Verdict.Allowed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"inside.test", "INSIDE.test ", "10.1.2.3", "10.0.0.0/8", "10.1.2.2/31"})
    void shouldAllowWhatIsNamedAtAnyPort(String entry) throws UnknownHostException {
        FetchGuard allowing = guard(entry, "fd00::/8");

        assertThat(allowing.check(URI.create("http://inside.test:9000/a.wav")))
                .isEqualTo(new Verdict.Allowed(
                        URI.create("http://inside.test:9000/a.wav"), InetAddress.getByName("10.1.2.3"), 9000));
        assertThat(allowing.leadsInside("inside.test")).isFalse();
        assertThat(allowing.check(URI.create("http://[fd00::9]:9000/"))).isInstanceOf(Verdict.Allowed.class);
        assertThat(allowing.check(URI.create("http://192.168.0.1/"))).isInstanceOf(Verdict.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.1.2.4/31", "10.1.2.0/32", "10.1.2.30", "0.0.0.0", "::ffff:0/112", "side.test"})
    void shouldNotAllowWhatIsBesideWhatIsNamed(String entry) {
        assertThat(guard(entry).check(URI.create("http://inside.test/a.wav"))).isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void shouldSayThatAHostCannotBeFound() {
        assertThat(guard.check(URI.create("http://nowhere.test/a.wav")))
                .isEqualTo(new Verdict.Unknown("names a host that cannot be found"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/33", "10.0.0.0/x", "http://inside.test", "*.test", "a b"})
    void shouldEndTheStartWhenTheSettingIsWrong(String entry) {
        assertThatThrownBy(() -> guard(entry)).hasMessageContaining("WAVEQUEUE_FETCH_ALLOW has \"" + entry + "\"");
    }
}
