package io.wavequeue.api.webhook;

import io.wavequeue.api.http.ProblemException;
import io.wavequeue.api.http.ProblemKind;
import io.wavequeue.catalogue.FieldError;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The headers that say who wrote a webhook and when: HMAC-SHA256 over id, time and raw body, in hex after {@code v3,}.
 *
 * <p>Close to Standard Webhooks and not the same: there the signature is base64 after {@code v1,}, and so is the secret.
 */
final class Signature {
    static final String ID = "webhook-id";
    static final String TIMESTAMP = "webhook-timestamp";
    static final String SIGNATURE = "webhook-signature";

    /** So old or so early may a webhook be; beyond it somebody may be repeating one that he saw. */
    static final Duration TOLERANCE = Duration.ofSeconds(300);

    private static final String SECRET_PREFIX = "whsec_";
    private static final String ALGORITHM = "HmacSHA256";
    private static final int MOST_SIGNATURES = 10;

    /** No brace, so that no part of a JSON body can pass for a part of the id. */
    private static final Pattern ID_FORM = Pattern.compile("[!-z|~]{1,256}");

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,12}");
    private static final Pattern SIGNED = Pattern.compile("v3,([0-9a-fA-F]{64})");

    private final String signedHead;
    private final List<byte[]> digests;

    private Signature(String signedHead, List<byte[]> digests) {
        this.signedHead = signedHead;
        this.digests = digests;
    }

    /** Reads the headers; a {@link ProblemException} that lists all that are missing, wrong or out of time. */
    static Signature of(@Nullable String id, @Nullable String timestamp, @Nullable String signature, Instant now) {
        List<FieldError> errors = new ArrayList<>();
        if (id == null || !ID_FORM.matcher(id).matches()) {
            errors.add(new FieldError(ID, "is required: 1 to 256 printable characters without spaces and braces"));
        }
        if (timestamp == null || !SECONDS.matcher(timestamp).matches()) {
            errors.add(new FieldError(TIMESTAMP, "is required: seconds since 1970"));
        } else {
            Duration age = Duration.between(Instant.ofEpochSecond(Long.parseLong(timestamp)), now);
            if (age.abs().compareTo(TOLERANCE) > 0) {
                errors.add(new FieldError(
                        TIMESTAMP,
                        "is %d seconds %s; %d are allowed"
                                .formatted(
                                        age.abs().toSeconds(),
                                        age.isNegative() ? "in the future" : "old",
                                        TOLERANCE.toSeconds())));
            }
        }
        List<byte[]> digests = digests(signature);
        if (digests.isEmpty()) {
            errors.add(new FieldError(SIGNATURE, "is required: v3, and 64 hex digits; several separated by spaces"));
        }
        if (!errors.isEmpty()) {
            throw ProblemException.listing(ProblemKind.BAD_SIGNATURE, errors);
        }
        return new Signature(id + "." + timestamp + ".", digests);
    }

    private static List<byte[]> digests(@Nullable String signature) {
        return signature == null
                ? List.of()
                : Arrays.stream(signature.split(" ", MOST_SIGNATURES + 1))
                        .limit(MOST_SIGNATURES)
                        .map(SIGNED::matcher)
                        .filter(java.util.regex.Matcher::matches)
                        .map(found -> HexFormat.of().parseHex(found.group(1)))
                        .toList();
    }

    /** Whether one of the signatures was made with one of the secrets, each with or without its prefix. */
    boolean isBy(Collection<String> secrets, byte[] body) {
        boolean found = false;
        for (String secret : secrets) {
            byte[] ours = digest(secret, body);
            for (byte[] theirs : digests) {
                found |= MessageDigest.isEqual(ours, theirs);
            }
        }
        return found;
    }

    private byte[] digest(String secret, byte[] body) {
        String key = secret.startsWith(SECRET_PREFIX) ? secret.substring(SECRET_PREFIX.length()) : secret;
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            mac.update(signedHead.getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(body);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, impossible);
        }
    }
}
