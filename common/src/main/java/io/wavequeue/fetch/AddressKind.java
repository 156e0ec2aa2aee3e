package io.wavequeue.fetch;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/** What an IP address is for. Only one kind leads to somebody's public server. */
enum AddressKind {
    UNSPECIFIED("an address of this host", "0.0.0.0/8", "::/128"),
    LOOPBACK("a loopback address", "127.0.0.0/8", "::1/128"),
    LINK_LOCAL("a link-local address", "169.254.0.0/16", "fe80::/10"),
    PRIVATE("a private address", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fec0::/10"),
    SHARED("an address of a provider's own network", "100.64.0.0/10"),
    MULTICAST("a multicast address", "224.0.0.0/4", "ff00::/8"),
    /** An IPv4 address in another dress: whoever unwraps it may find any of the above. Mapped ones (::ffff:…) Java unwraps itself. */
    TRANSLATED(
            "an IPv4 address within an IPv6 address",
            "::/96",
            "::ffff:0:0:0/96",
            "64:ff9b::/96",
            "64:ff9b:1::/48",
            "2002::/16",
            "2001::/32"),
    /** Among them the one at which every virtual machine of a large cloud finds that cloud's own service. */
    RESERVED(
            "a reserved address",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "240.0.0.0/4",
            "168.63.129.16/32",
            "2001::/23",
            "2001:db8::/32",
            "3fff::/20"),
    PUBLIC("a public address", "0.0.0.0/0", "2000::/3"),
    /** IPv6 that nobody was given. */
    UNASSIGNED("a reserved address", "::/0");

    private final String inWords;
    private final List<AddressRange> ranges;

    AddressKind(String inWords, String... ranges) {
        this.inWords = inWords;
        this.ranges = Arrays.stream(ranges).map(AddressRange::of).toList();
    }

    /** The first kind that has it. */
    static AddressKind of(InetAddress address) {
        return Arrays.stream(values())
                .filter(kind -> kind.ranges.stream().anyMatch(range -> range.has(address)))
                .findFirst()
                .orElseThrow();
    }

    /** With its article. */
    String inWords() {
        return inWords;
    }
}
