package io.wavequeue.simulator.http;

import static java.util.Map.entry;

import io.vertx.core.http.HttpMethod;
import java.util.Map;
import java.util.Set;

/**
 * Where a request goes.
 *
 * @param argument the model id, prediction id, file name or admin verb in the path
 */
record Route(Endpoint endpoint, String argument) {
    private static final String API = "/api/v3/";
    private static final String PREDICTION = "predictions/";
    private static final String RESULT = "/result";
    private static final Map<String, Endpoint> CALLS = Map.ofEntries(
            entry("GET balance", Endpoint.BALANCE),
            entry("GET models", Endpoint.MODELS),
            entry("GET webhook/secret", Endpoint.WEBHOOK_SECRET),
            entry("POST predictions", Endpoint.HISTORY),
            entry("POST predictions/delete", Endpoint.DELETE),
            entry("POST model/price", Endpoint.PRICE),
            entry("POST model/pricing", Endpoint.PRICE),
            entry("POST billings/search", Endpoint.BILLING),
            entry("POST user/usage_stats", Endpoint.USAGE),
            entry("POST media/uploads", Endpoint.UPLOAD_TICKET),
            entry("POST media/upload/binary", Endpoint.UPLOAD_BINARY),
            entry("GET predictions", Endpoint.OLDER),
            entry("GET account/balance", Endpoint.OLDER),
            entry("GET account/billings", Endpoint.OLDER),
            entry("GET account/usage", Endpoint.OLDER),
            entry("POST upload", Endpoint.OLDER));
    private static final Set<String> NOT_MODELS =
            Set.of("predictions", "balance", "model", "models", "media", "billings", "user", "webhook", "account");

    static Route of(HttpMethod method, String path) {
        if (path.startsWith(API)) {
            return ofApi(method, path.substring(API.length()));
        }
        boolean isGet = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
        if (isGet && path.startsWith("/outputs/")) {
            return new Route(Endpoint.OUTPUT, path.substring("/outputs/".length()));
        }
        if (path.startsWith("/media/") && (isGet || method.equals(HttpMethod.PUT))) {
            return new Route(isGet ? Endpoint.MEDIA : Endpoint.UPLOAD_PUT, path.substring("/media/".length()));
        }
        if (path.startsWith("/admin/")) {
            return new Route(Endpoint.ADMIN, method.name() + " " + path.substring("/admin/".length()));
        }
        return new Route(Endpoint.UNKNOWN, path);
    }

    private static Route ofApi(HttpMethod method, String path) {
        String call = method.name() + " " + path;
        Endpoint endpoint = CALLS.get(call);
        if (endpoint != null) {
            return new Route(endpoint, endpoint == Endpoint.OLDER ? call : path);
        }
        boolean ofPrediction = path.startsWith(PREDICTION);
        if (method.equals(HttpMethod.GET) && ofPrediction) {
            String id = path.substring(PREDICTION.length());
            return new Route(
                    Endpoint.RESULT, id.endsWith(RESULT) ? id.substring(0, id.length() - RESULT.length()) : id);
        }
        if (method.equals(HttpMethod.DELETE) && ofPrediction) {
            return new Route(Endpoint.OLDER, call);
        }
        return new Route(
                method.equals(HttpMethod.POST) && isModel(path) ? Endpoint.SUBMIT : Endpoint.UNKNOWN_API, path);
    }

    private static boolean isModel(String path) {
        int slash = path.indexOf('/');
        return slash > 0 && !NOT_MODELS.contains(path.substring(0, slash));
    }
}
