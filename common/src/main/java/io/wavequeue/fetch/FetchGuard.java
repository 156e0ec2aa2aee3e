package io.wavequeue.fetch;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Says whether an address that somebody else named may be connected to, and at which IP address.
 *
 * <p>Whoever calls this program, or answers it, must not make it talk to what only it can reach: to this machine, to its
 * network, to a cloud's own service. What an operator allows is allowed, by name or by address, at any port.
 */
@ApplicationScoped
public class FetchGuard {
    private static final int HTTP = 80;
    private static final int HTTPS = 443;
    private static final int HIGHEST_PORT = 65_535;
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9._-]{0,251}[a-z0-9])?");

    private final HostResolver resolver;
    private final Set<String> allowedNames = new HashSet<>();
    private final List<AddressRange> allowedRanges = new ArrayList<>();

    @Inject
    FetchGuard(HostResolver resolver, FetchConfig config) {
        this(resolver, config.allow().orElse(List.of()));
    }

    /** @param allow host names, IP addresses and CIDR ranges */
    public FetchGuard(HostResolver resolver, List<String> allow) {
        this.resolver = resolver;
        for (String entry : allow) {
            String plain = entry.strip().toLowerCase(Locale.ROOT);
            Optional<AddressRange> range = AddressRange.find(withoutBrackets(plain));
            if (range.isPresent()) {
                allowedRanges.add(range.get());
            } else if (NAME.matcher(plain).matches()) {
                allowedNames.add(plain);
            } else if (!plain.isEmpty()) {
                throw new IllegalArgumentException("WAVEQUEUE_FETCH_ALLOW has \"" + entry
                        + "\"; it takes host names, IP addresses and ranges such as 10.1.0.0/16, separated by commas");
            }
        }
    }

    /** A wrong setting ends the start, and not the first fetch. */
    void onStart(@Observes StartupEvent start) {
        // being made is all that it takes
    }

    /** What became of the question. */
    public sealed interface Verdict {
        /** Connect to this IP address, under the URL's own name. */
        record Allowed(URI url, InetAddress address, int port) implements Verdict {
            public boolean isSecure() {
                return isHttps(url);
            }
        }

        /** Do not connect; the reason is the predicate of a sentence about the URL, and tells nobody where a name leads. */
        record Refused(String reason) implements Verdict {}

        /** Nobody knows where it is just now. */
        record Unknown(String reason) implements Verdict {}
    }

    /** Asks for the name's addresses once. */
    public Verdict check(URI url) {
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            return new Verdict.Refused("is not an http or https URL");
        }
        String host = url.getHost();
        if (host == null) {
            return new Verdict.Refused("is a URL without a usable host");
        }
        if (url.getRawUserInfo() != null) {
            return new Verdict.Refused("carries a user or a password, which are not sent to anybody");
        }
        int port = url.getPort() >= 0 ? url.getPort() : isHttps(url) ? HTTPS : HTTP;
        if (port < 1 || port > HIGHEST_PORT) {
            return new Verdict.Refused("is a URL with the impossible port " + port);
        }
        try {
            return check(url, withoutBrackets(host).toLowerCase(Locale.ROOT), port);
        } catch (UnknownHostException unknown) {
            return new Verdict.Unknown("names a host that cannot be found");
        }
    }

    private Verdict check(URI url, String host, int port) throws UnknownHostException {
        List<InetAddress> addresses = resolver.resolve(host);
        if (allowedNames.contains(host)) {
            return new Verdict.Allowed(url, addresses.getFirst(), port);
        }
        for (InetAddress address : addresses) {
            boolean isUsual = port == HTTP || port == HTTPS;
            if (isAllowed(address) || (isUsual && AddressKind.of(address) == AddressKind.PUBLIC)) {
                return new Verdict.Allowed(url, address, port);
            }
        }
        AddressKind kind = AddressKind.of(addresses.getFirst());
        return new Verdict.Refused(
                kind == AddressKind.PUBLIC
                        ? "has the port " + port
                                + "; 80 and 443 are allowed, others where WAVEQUEUE_FETCH_ALLOW names the host"
                        : "leads to " + kind.inWords()
                                + "; only public ones are fetched from, and what WAVEQUEUE_FETCH_ALLOW names");
    }

    /** Whether one of the host's addresses is not public, and not allowed either. */
    public boolean leadsInside(String host) {
        String name = withoutBrackets(host).toLowerCase(Locale.ROOT);
        try {
            return !allowedNames.contains(name)
                    && resolver.resolve(name).stream()
                            .anyMatch(address -> !isAllowed(address) && AddressKind.of(address) != AddressKind.PUBLIC);
        } catch (UnknownHostException unknown) {
            return false;
        }
    }

    private boolean isAllowed(InetAddress address) {
        return allowedRanges.stream().anyMatch(range -> range.has(address));
    }

    private static boolean isHttps(URI url) {
        return "https".equalsIgnoreCase(url.getScheme());
    }

    private static String withoutBrackets(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }
}
