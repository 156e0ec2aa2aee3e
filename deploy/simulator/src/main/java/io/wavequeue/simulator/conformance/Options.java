package io.wavequeue.simulator.conformance;

import java.math.BigDecimal;
import java.net.URI;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was asked for.
 *
 * @param baseUrl the root, without a slash at its end
 * @param key null when there is none
 */
record Options(String baseUrl, @Nullable String key, boolean paid, BigDecimal maxUsd, boolean json, boolean yes) {
    static final String HELP = """
            usage: wavequeue conformance [option]...
              --base-url URL   whom to ask (WAVESPEED_BASE_URL, else https://api.wavespeed.ai)
              --paid           also what costs money; the sum is told first
              --max-usd N      the most that may be spent (0.10)
              --yes            do not ask before paying
              --json           one JSON object instead of a table
            The key comes from WAVESPEED_API_KEY and goes to that address alone.
            """;

    private static final String REAL = "https://api.wavespeed.ai";

    /** @throws IllegalArgumentException with a sentence that says what is wrong */
    static Options parse(List<String> arguments, Map<String, String> environment) {
        String baseUrl = environment.getOrDefault("WAVESPEED_BASE_URL", "");
        String key = environment.getOrDefault("WAVESPEED_API_KEY", "").strip();
        BigDecimal maxUsd = new BigDecimal("0.10");
        boolean paid = false;
        boolean json = false;
        boolean yes = false;
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String option = rest.next();
            switch (option) {
                case "--paid" -> paid = true;
                case "--json" -> json = true;
                case "--yes" -> yes = true;
                case "--base-url" -> baseUrl = value(option, rest);
                case "--max-usd" -> maxUsd = usd(value(option, rest));
                default -> throw new IllegalArgumentException("unknown option \"" + option + "\" (see --help)");
            }
        }
        Options options = new Options(
                root(baseUrl.isBlank() ? REAL : baseUrl), key.isEmpty() ? null : key, paid, maxUsd, json, yes);
        if (!key.matches("[!-~]*")) {
            throw new IllegalArgumentException("WAVESPEED_API_KEY holds characters that no key has; nothing was sent");
        }
        if (key.isEmpty() && options.isReal()) {
            throw new IllegalArgumentException("the real service needs a key in WAVESPEED_API_KEY; nothing was sent");
        }
        if (!key.isEmpty() && options.mayCost() && !options.baseUrl().startsWith("https://")) {
            throw new IllegalArgumentException(
                    "--base-url must begin with https:// when WAVESPEED_API_KEY is set; nothing was sent");
        }
        return options;
    }

    private static String value(String option, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new IllegalArgumentException("option " + option + " needs a value");
        }
        return rest.next();
    }

    private static BigDecimal usd(String text) {
        try {
            BigDecimal usd = new BigDecimal(text);
            if (usd.signum() >= 0) {
                return usd;
            }
        } catch (NumberFormatException e) {
            // answered below
        }
        throw new IllegalArgumentException("--max-usd must be USD from 0, not \"" + text + "\"");
    }

    private static String root(String url) {
        String root = url.strip().replaceFirst("/+$", "").replaceFirst("/api/v3$", "");
        try {
            URI uri = URI.create(root);
            if (List.of("http", "https").contains(String.valueOf(uri.getScheme())) && uri.getHost() != null) {
                return root;
            }
        } catch (IllegalArgumentException e) {
            // answered below
        }
        throw new IllegalArgumentException("--base-url must be an address such as " + REAL + ", not \"" + url + "\"");
    }

    String host() {
        return String.valueOf(URI.create(baseUrl).getHost());
    }

    boolean isReal() {
        return host().equals("wavespeed.ai") || host().endsWith(".wavespeed.ai");
    }

    /** Whether money may be real: the address is not this machine. */
    boolean mayCost() {
        return !List.of("127.0.0.1", "localhost", "[::1]").contains(host());
    }
}
