package io.wavequeue.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Wavequeue's REST contract as a small server that records what it is asked. Each look at the list moves every job on by
 * one state; the jobs are {@link FakeJob}s.
 */
public final class FakeApi implements AutoCloseable {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpServer server;
    private final List<Request> requests = new ArrayList<>();
    private final Map<String, Reply> replies = new HashMap<>();
    private final Map<String, Rule> rules = new LinkedHashMap<>();
    private final Map<String, FakeJob> jobs = new LinkedHashMap<>();
    private final Map<String, FakeJob> byKey = new HashMap<>();
    private final FakeJob.Archive archive;
    private UnaryOperator<JsonNode> ledger = json -> json;
    private String unavailableStart = "";
    private int unavailable;
    private @Nullable String retryAfter;
    private int dropped;

    /** A request as it came. */
    public record Request(String method, String target, Map<String, String> headers, String body) {}

    /** An answer for one path that no rule of the fake makes. */
    public record Reply(int status, String body, String contentType) {
        public Reply(int status, String body) {
            this(status, body, "application/json");
        }
    }

    /** Answers what it wants to; null = the answer is cut off. */
    @FunctionalInterface
    public interface Rule {
        @Nullable
        Reply answer(Request request);
    }

    public FakeApi(FakeJob.Archive archive) throws IOException {
        this.archive = archive;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    public String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** What was asked, in order; {@code start} is like {@code "POST /v1/jobs"}. */
    public synchronized List<Request> requests(String start) {
        return requests.stream()
                .filter(r -> (r.method() + " " + r.target()).startsWith(start))
                .toList();
    }

    public synchronized void reply(String target, int status, String body) {
        replies.put(target, new Reply(status, body));
    }

    /** Answers requests that start like {@code "POST /v1/batches?"}; of several that fit, the longest start counts. */
    public synchronized void rule(String start, Rule rule) {
        rules.put(start, rule);
    }

    /** The next so many requests whose target starts like this are answered with 503. */
    public synchronized void beUnavailable(String start, int times) {
        unavailableStart = start;
        unavailable = times;
    }

    /** The seconds after which what is unavailable wants to be asked again. */
    public synchronized void wantRetryAfter(String seconds) {
        retryAfter = seconds;
    }

    /** The next so many enqueued jobs are kept, but their answer is cut off. */
    public synchronized void dropAnswersToSubmits(int times) {
        dropped = times;
    }

    /** Changes what the provider's ledger says. */
    public synchronized void changeLedger(UnaryOperator<JsonNode> change) {
        ledger = change;
    }

    public synchronized List<FakeJob> jobs() {
        return List.copyOf(jobs.values());
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private synchronized void handle(HttpExchange exchange) {
        try (exchange) {
            Map<String, String> headers = new HashMap<>();
            exchange.getRequestHeaders()
                    .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
            byte[] body = exchange.getRequestBody().readAllBytes();
            Request request = new Request(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    headers,
                    new String(body, StandardCharsets.ISO_8859_1));
            requests.add(request);
            Reply reply = answer(request);
            if (reply == null) {
                return;
            }
            byte[] answer = reply.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", reply.contentType());
            if (reply.status() == 503 && retryAfter != null) {
                exchange.getResponseHeaders().add("Retry-After", retryAfter);
            }
            exchange.sendResponseHeaders(reply.status(), answer.length);
            exchange.getResponseBody().write(answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private @Nullable Reply answer(Request request) throws IOException {
        if (unavailable > 0 && request.target().startsWith(unavailableStart)) {
            unavailable--;
            return new Reply(503, "");
        }
        String call = request.method() + " " + request.target();
        Optional<String> start =
                rules.keySet().stream().filter(call::startsWith).max(Comparator.comparingInt(String::length));
        if (start.isPresent()) {
            return rules.get(start.get()).answer(request);
        }
        Reply fixed = replies.get(request.target());
        if (fixed != null) {
            return fixed;
        }
        String target = request.target();
        if (target.equals("/v1/media")) {
            String filename = between(request.body(), "filename=\"", "\"");
            return new Reply(201, "{\"audio\":\"media:sha256:of-" + filename + "\",\"bytes\":1}");
        }
        if (target.equals("/v1/jobs")) {
            return submit(request);
        }
        if (target.startsWith("/v1/jobs?label=")) {
            return list(URLDecoder.decode(between(target, "label=", "&"), StandardCharsets.UTF_8));
        }
        return target.equals("/admin/ledger")
                ? new Reply(200, ledger.apply(entries()).toString())
                : new Reply(404, "");
    }

    private @Nullable Reply submit(Request request) throws IOException {
        String key = request.headers().getOrDefault("idempotency-key", "");
        FakeJob job = byKey.get(key);
        if (job == null) {
            job = new FakeJob("job-" + (jobs.size() + 1), MAPPER.readTree(request.body()), archive);
            jobs.put(job.id(), job);
            byKey.put(key, job);
        }
        if (dropped > 0) {
            dropped--;
            return null;
        }
        return new Reply(202, job.json().toString());
    }

    private Reply list(String label) {
        ObjectNode page = MAPPER.createObjectNode();
        var items = page.putArray("items");
        for (FakeJob job : jobs().reversed()) {
            if (job.label("demo").equals(label.substring("demo:".length()))) {
                job.moveOn();
                items.add(job.json());
            }
        }
        return new Reply(200, page.putNull("next_cursor").toString());
    }

    private static String between(String text, String start, String end) {
        int from = text.indexOf(start) + start.length();
        return text.substring(from, text.indexOf(end, from));
    }

    private JsonNode entries() {
        ObjectNode page = MAPPER.createObjectNode();
        ArrayNode entries = page.putArray("entries");
        enter(entries, "of-somebody-else", "body-0", "1.5");
        for (FakeJob job : jobs.values()) {
            enter(
                    entries,
                    job.predictionId(),
                    "body-of-" + job.id(),
                    job.price().toString());
        }
        return page;
    }

    /** Adds a line to the ledger, as the simulator writes it. */
    public static void enter(ArrayNode entries, String prediction, String body, String price) {
        entries.addObject()
                .put("prediction_id", prediction)
                .put("body_sha256", body)
                .put("accepted_at", "2026-11-21T03:00:00.5Z")
                .put("price_usd", new BigDecimal(price));
    }
}
