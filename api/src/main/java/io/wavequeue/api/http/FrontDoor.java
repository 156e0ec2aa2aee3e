package io.wavequeue.api.http;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import io.wavequeue.wiring.Webhooks;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every request before anything else does.
 *
 * <p>On loopback nobody needs a key, so a web page in the same browser must not get in: neither by a name of its own that
 * points to 127.0.0.1 (the Host header tells), nor by a form that it posts (the Origin header tells). With a key, all
 * but Quarkus's own endpoints below {@code /q/} ask for it.
 *
 * <p>Webhooks are let in under any host and without a key: they come through a proxy, under the public name, and nothing
 * happens without the provider's signature. What passes them on may pass on more, so a public address asks for a key.
 */
@ApplicationScoped
public class FrontDoor {
    /** What any call but that of a file of jobs may send; those that take less say so themselves. */
    public static final long MOST_BYTES = 52L * 1024 * 1024;

    /** What {@code quarkus.http.limits.max-body-size} lets through. */
    private static final long MOST_OF_ALL = 1024L * 1024 * 1024;

    private static final String BATCHES = "/v1/batches";

    private static final int BEFORE_ALL = 10_000;
    private static final String OPEN = "/q/";
    private static final Pattern WEBHOOK = Pattern.compile(Pattern.quote(Webhooks.PATH) + "[A-Za-z0-9-]{1,64}");
    private static final String BEARER = "bearer ";
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1", "[::1]");
    private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    private final ProblemAnswers answers;
    private final Optional<String> key;
    private final Webhooks webhooks;
    private final String boundTo;
    private final boolean onLoopback;
    private final long mostOfBatch;

    FrontDoor(
            ProblemAnswers answers,
            ApiConfig config,
            BatchConfig batches,
            Webhooks webhooks,
            @ConfigProperty(name = "quarkus.http.host") String boundTo) {
        this.answers = answers;
        this.webhooks = webhooks;
        this.key = config.apiKey().filter(given -> !given.isBlank());
        this.boundTo = boundTo;
        this.mostOfBatch = batches.maxBody().asLongValue();
        this.onLoopback = LOOPBACK.contains(boundTo.toLowerCase(Locale.ROOT));
    }

    /** Beyond loopback anybody could spend the account's money. */
    void install(@Observes Filters filters) {
        if (!onLoopback && key.isEmpty()) {
            throw new IllegalStateException("the API is to listen on " + boundTo
                    + ", which is not this machine alone: set WAVEQUEUE_API_KEY, or bind to 127.0.0.1");
        }
        if (webhooks.arePublic() && key.isEmpty()) {
            throw new IllegalStateException(
                    "WAVEQUEUE_WEBHOOK_URL is a public address, so something passes calls on to the API:"
                            + " set WAVEQUEUE_API_KEY, or anybody may spend the account's money when it passes on too much");
        }
        if (mostOfBatch < 1 || mostOfBatch > MOST_OF_ALL) {
            throw new IllegalStateException("WAVEQUEUE_BATCHES_MAX_BODY must be from 1 to %,d bytes (1G), not %,d"
                    .formatted(MOST_OF_ALL, mostOfBatch));
        }
        filters.register(this::check, BEFORE_ALL);
    }

    private void check(RoutingContext call) {
        HttpServerRequest request = call.request();
        call.addEndHandler(answered -> discardRest(request));
        Problem problem = problem(call, request);
        if (problem == null) {
            call.next();
            return;
        }
        if (problem.status() == ProblemKind.UNAUTHORIZED.status()) {
            call.response().putHeader("WWW-Authenticate", "Bearer");
        }
        if (problem.status() == ProblemKind.TOO_LARGE.status()) {
            call.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        call.response()
                .setStatusCode(problem.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .end(Buffer.buffer(answers.bytes(problem)))
                .onComplete(sent -> {
                    if (problem.status() == ProblemKind.TOO_LARGE.status()) {
                        // Nobody reads the rest, so nothing can follow it.
                        request.connection().close();
                    }
                });
    }

    /**
     * What still comes after the answer would otherwise be queued for a reader that is gone. It is let in for a while, since
     * clients read the answer only when they have sent all, or lose it when the connection is closed before.
     */
    private static void discardRest(HttpServerRequest request) {
        synchronized (request.connection()) {
            if (request.isEnded()) {
                return;
            }
            AtomicLong left = new AtomicLong(MOST_BYTES);
            request.handler(rest -> {
                if (left.addAndGet(-rest.length()) < 0) {
                    request.connection().close();
                }
            });
            request.resume();
        }
    }

    private @Nullable Problem problem(RoutingContext call, HttpServerRequest request) {
        boolean isWebhook = isWebhook(call, request);
        List<String> hosts = request.headers().getAll(HttpHeaders.HOST);
        HostAndPort authority = request.authority();
        if (onLoopback
                && !isWebhook
                && (hosts.size() > 1 || authority == null || !LOOPBACK.contains(host(authority.host())))) {
            return Problem.of(
                    ProblemKind.FOREIGN_HOST,
                    "this API listens on loopback: the Host header must be localhost, 127.0.0.1 or [::1]");
        }
        if (onLoopback && !READING.contains(request.method()) && isForeign(request.getHeader(HttpHeaders.ORIGIN))) {
            return Problem.of(
                    ProblemKind.FOREIGN_ORIGIN, "pages of other sites may not call this API; it listens on loopback");
        }
        String contentType = request.getHeader(HttpHeaders.CONTENT_TYPE);
        if (contentType != null && !isMediaType(contentType)) {
            return Problem.of(ProblemKind.UNSUPPORTED_MEDIA_TYPE, "the header Content-Type is not a media type");
        }
        long most = BATCHES.equals(request.path()) ? mostOfBatch : MOST_BYTES;
        if (declaredBytes(request) > most) {
            return Problem.of(ProblemKind.TOO_LARGE, "at most %,d bytes may be sent here".formatted(most));
        }
        if (key.isPresent()
                && !isWebhook
                && !isOpen(call, request)
                && !isKey(request.getHeader(HttpHeaders.AUTHORIZATION))) {
            return Problem.of(
                    ProblemKind.UNAUTHORIZED,
                    "send the header Authorization: Bearer with the key of this installation");
        }
        return null;
    }

    private static String host(String host) {
        return host.toLowerCase(Locale.ROOT);
    }

    /** A browser's page of this machine has an origin of this machine; programs send none. */
    private static boolean isForeign(@Nullable String origin) {
        if (origin == null) {
            return false;
        }
        try {
            String host = new URI(origin).getHost();
            return host == null || !LOOPBACK.contains(host(host));
        } catch (URISyntaxException e) {
            return true;
        }
    }

    /** What follows would answer 500 to one that it cannot read. */
    private static boolean isMediaType(String text) {
        try {
            MediaType type = MediaType.valueOf(text);
            return !type.getType().isBlank() && !type.getSubtype().isBlank();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static long declaredBytes(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? 0 : Long.parseLong(length.trim());
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    /** Both as it was sent and as it is understood, so that no spelling of a path opens another one. */
    private static boolean isOpen(RoutingContext call, HttpServerRequest request) {
        String path = request.path();
        return path != null && path.startsWith(OPEN) && call.normalizedPath().startsWith(OPEN);
    }

    /** A whole path, in both readings again. Its token is one of ours, or it leads nowhere. */
    private boolean isWebhook(RoutingContext call, HttpServerRequest request) {
        String path = request.path();
        return webhooks.areOn()
                && request.method().equals(HttpMethod.POST)
                && path != null
                && WEBHOOK.matcher(path).matches()
                && WEBHOOK.matcher(call.normalizedPath()).matches();
    }

    private boolean isKey(@Nullable String authorization) {
        if (authorization == null || !authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
            return false;
        }
        byte[] given = authorization.substring(BEARER.length()).trim().getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(given, key.orElseThrow().getBytes(StandardCharsets.UTF_8));
    }
}
