package io.wavequeue.storage;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a bucket, whole and checked.
 *
 * @param prefix ends with {@code /}, or is empty
 * @param endpoint null = Amazon's
 * @param region null = the one that the SDK finds
 * @param keys null = those that the SDK finds
 */
record S3Settings(
        String bucket,
        String prefix,
        @Nullable URI endpoint,
        @Nullable String region,
        boolean pathStyle,
        @Nullable AccessKeys keys) {
    private static final String BUCKET = "WAVEQUEUE_OUTPUT_S3_BUCKET";
    private static final String PREFIX = "WAVEQUEUE_OUTPUT_S3_PREFIX";
    private static final String ENDPOINT = "WAVEQUEUE_OUTPUT_S3_ENDPOINT";
    private static final String REGION = "WAVEQUEUE_OUTPUT_S3_REGION";
    private static final String ACCESS = "WAVEQUEUE_OUTPUT_S3_ACCESS_KEY_ID";
    private static final String SECRET = "WAVEQUEUE_OUTPUT_S3_SECRET_ACCESS_KEY";

    private static final Pattern BUCKET_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]");
    private static final Pattern REGION_NAME = Pattern.compile("[A-Za-z0-9-]{1,40}");
    private static final String ANY_REGION = "us-east-1";

    /** Who the storage takes us for. Its text never shows the secret. */
    record AccessKeys(String id, String secret) {
        @Override
        public String toString() {
            return "access key " + id;
        }
    }

    /** Null when no bucket is wanted; {@link IllegalArgumentException} for what is wrong or half. */
    static @Nullable S3Settings of(S3Config config) {
        Optional<String> bucket = text(config.bucket());
        if (bucket.isEmpty()) {
            refuseLeftOvers(config);
            return null;
        }
        URI endpoint = text(config.endpoint()).map(S3Settings::endpoint).orElse(null);
        return new S3Settings(
                named(BUCKET, bucket.get(), BUCKET_NAME, "3 to 63 letters, digits, dots and hyphens"),
                prefix(text(config.prefix()).orElse("")),
                endpoint,
                text(config.region())
                        .map(region -> named(REGION, region, REGION_NAME, "a region's name, such as eu-central-1"))
                        .orElse(endpoint == null ? null : ANY_REGION),
                config.pathStyle().orElse(endpoint != null),
                keys(text(config.accessKeyId()), text(config.secretAccessKey())));
    }

    private static void refuseLeftOvers(S3Config config) {
        Map<String, Optional<?>> others = new LinkedHashMap<>();
        others.put(PREFIX, text(config.prefix()));
        others.put(ENDPOINT, text(config.endpoint()));
        others.put(REGION, text(config.region()));
        others.put("WAVEQUEUE_OUTPUT_S3_PATH_STYLE", config.pathStyle());
        others.put(ACCESS, text(config.accessKeyId()));
        others.put(SECRET, text(config.secretAccessKey()));
        others.forEach((name, value) -> {
            if (value.isPresent()) {
                throw new IllegalArgumentException(name + " is set, and " + BUCKET
                        + " is not: name the bucket, or unset it to keep the outputs in a folder");
            }
        });
    }

    private static Optional<String> text(Optional<String> value) {
        return value.map(String::strip).filter(text -> !text.isEmpty());
    }

    private static String named(String variable, String value, Pattern form, String wanted) {
        if (!form.matcher(value).matches()) {
            throw new IllegalArgumentException("%s is \"%s\"; it must be %s".formatted(variable, value, wanted));
        }
        return value;
    }

    private static String prefix(String value) {
        String bare = value.replaceAll("^/+|/+$", "");
        if (bare.isEmpty()) {
            return "";
        }
        if (!Keys.isSafe(bare)) {
            throw new IllegalArgumentException(
                    "%s is \"%s\"; it must be a path such as wavequeue/outputs, without empty segments, . and .."
                            .formatted(PREFIX, value));
        }
        return bare + "/";
    }

    private static URI endpoint(String value) {
        String wanted =
                "\"; it must be the server's address, http(s)://host[:port], without user, path, query and fragment";
        URI url;
        try {
            url = URI.create(value);
        } catch (IllegalArgumentException unreadable) {
            throw new IllegalArgumentException(ENDPOINT + " is \"" + value + wanted, unreadable);
        }
        if (url.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    ENDPOINT + " names a user; credentials belong into " + ACCESS + " and " + SECRET);
        }
        boolean isWeb = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
        boolean isBare = url.getRawQuery() == null
                && url.getRawFragment() == null
                && (url.getRawPath() == null
                        || url.getRawPath().replace("/", "").isEmpty());
        if (!isWeb || url.getHost() == null || !isBare) {
            throw new IllegalArgumentException(ENDPOINT + " is \"" + value + wanted);
        }
        return url;
    }

    private static @Nullable AccessKeys keys(Optional<String> id, Optional<String> secret) {
        if (id.isPresent() != secret.isPresent()) {
            throw new IllegalArgumentException(
                    "%s is set without %s: set both, or neither to use the AWS SDK's default chain"
                            .formatted(id.isPresent() ? ACCESS : SECRET, id.isPresent() ? SECRET : ACCESS));
        }
        return id.isPresent() && secret.isPresent() ? new AccessKeys(id.get(), secret.get()) : null;
    }
}
