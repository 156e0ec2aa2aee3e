package io.wavequeue.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;

/** The simulator: its settings and books, and the two calls that the baselines make. */
final class SimulatedProvider {
    private static final String BALANCE_USD = "100000";

    private final HttpJson http;

    SimulatedProvider(URI address) {
        this.http = new HttpJson(address);
    }

    void configure(Latency latency) throws IOException, InterruptedException {
        http.patch(
                "/admin/config", "{\"latency\":\"%s\",\"balance\":\"%s\"}".formatted(latency.setting(), BALANCE_USD));
    }

    /** Forgets all predictions and counts; only while nothing is under way. */
    void reset() throws IOException, InterruptedException {
        http.post("/admin/reset", "");
    }

    JsonNode stats() throws IOException, InterruptedException {
        return http.get("/admin/stats");
    }

    /** @throws BenchFailedException unless so many submits were accepted since the reset, each body once */
    void requireAccepted(int clips) throws IOException, InterruptedException {
        JsonNode stats = stats();
        long accepted = http.get("/admin/ledger?limit=0").at("/totals/accepted").asLong();
        long duplicates = stats.path("duplicated_bodies").asLong();
        if (accepted != clips || duplicates != 0) {
            throw new BenchFailedException(
                    "the ledger has %d accepted submits and %d bodies that came twice, for %d clips"
                            .formatted(accepted, duplicates, clips));
        }
    }

    /** The prediction's id. */
    String submit(String take) throws IOException, InterruptedException {
        return http.post("/api/v3/" + Clips.MODEL, Clips.input(take))
                .at("/data/id")
                .asText();
    }

    /** As it is now; {@code data.status} and {@code data.outputs} tell what has become of it. */
    JsonNode result(String prediction) throws IOException, InterruptedException {
        return http.get("/api/v3/predictions/" + prediction + "/result");
    }

    static boolean isCompleted(JsonNode result) {
        String status = result.at("/data/status").asText();
        if (status.equals("failed")) {
            throw new BenchFailedException("a prediction failed: " + result);
        }
        return status.equals("completed");
    }
}
