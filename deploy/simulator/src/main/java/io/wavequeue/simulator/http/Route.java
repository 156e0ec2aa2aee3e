package io.wavequeue.simulator.http;

import io.vertx.core.http.HttpMethod;
import java.util.Set;

/**
 * Where a request goes.
 *
 * @param argument the model id, prediction id, file name or admin verb in the path
 */
record Route(Endpoint endpoint, String argument) {
    private static final String API = "/api/v3/";
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
        if (method.equals(HttpMethod.GET)) {
            if (path.startsWith("predictions/")) {
                String id = path.substring("predictions/".length());
                return new Route(
                        Endpoint.RESULT,
                        id.endsWith("/result") ? id.substring(0, id.length() - "/result".length()) : id);
            }
            return new Route(
                    switch (path) {
                        case "balance" -> Endpoint.BALANCE;
                        case "models" -> Endpoint.MODELS;
                        default -> Endpoint.UNKNOWN_API;
                    },
                    path);
        }
        if (!method.equals(HttpMethod.POST)) {
            return new Route(Endpoint.UNKNOWN_API, path);
        }
        return new Route(
                switch (path) {
                    case "predictions" -> Endpoint.HISTORY;
                    case "model/price" -> Endpoint.PRICE;
                    case "media/uploads" -> Endpoint.UPLOAD_TICKET;
                    default -> isModel(path) ? Endpoint.SUBMIT : Endpoint.UNKNOWN_API;
                },
                path);
    }

    private static boolean isModel(String path) {
        int slash = path.indexOf('/');
        return slash > 0 && !NOT_MODELS.contains(path.substring(0, slash));
    }
}
