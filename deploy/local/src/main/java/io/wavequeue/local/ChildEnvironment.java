package io.wavequeue.local;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The environment of the programs we start: the person's own, less the key, plus what joins the programs together. */
final class ChildEnvironment {
    static final String DATABASE_URL = "DATABASE_URL";
    static final String KAFKA = "KAFKA_BOOTSTRAP_SERVERS";
    static final String DATA_DIR = "WAVEQUEUE_DATA_DIR";
    static final String TIER = "WAVEQUEUE_TIER";
    static final String SUBMITS_PER_MINUTE = "WAVEQUEUE_SUBMITS_PER_MINUTE";
    static final String MAX_IN_FLIGHT = "WAVEQUEUE_MAX_IN_FLIGHT";
    static final String DAILY_BUDGET = "WAVEQUEUE_DAILY_BUDGET_USD";
    static final String REAL_TIER = "bronze";
    static final String REAL_DAILY_BUDGET_USD = "10";
    private static final String OTHER_TIER = "ultra";

    private ChildEnvironment() {}

    /** Where the servers that the API and the workers use are found. */
    record Addresses(String databaseUrl, String kafka, String simulatorUrl) {}

    /** For programs that need no provider: nobody but API and workers is handed the key or the database's password. */
    static Map<String, String> plain(Map<String, String> own) {
        var environment = new HashMap<>(own);
        environment.remove(Provider.KEY);
        environment.remove(DATABASE_URL);
        return Map.copyOf(environment);
    }

    /** For the API and the workers, but for their own host and port. */
    static Map<String, String> shared(Map<String, String> own, Provider provider, Path data, Addresses addresses) {
        var environment = new HashMap<>(own);
        environment.values().removeIf(String::isBlank); // set but empty means not set, to a person
        environment.put(DATABASE_URL, addresses.databaseUrl());
        environment.put(KAFKA, addresses.kafka());
        environment.put(DATA_DIR, data.toString());
        switch (provider) {
            case Provider.Simulated ignored -> {
                environment.put(Provider.BASE_URL, addresses.simulatorUrl());
                environment.put(Provider.KEY, Provider.PLACEHOLDER_KEY);
                environment.putIfAbsent(TIER, OTHER_TIER);
            }
            case Provider.Other other -> {
                environment.put(Provider.BASE_URL, other.baseUrl().toString());
                environment.put(Provider.KEY, other.key());
                environment.putIfAbsent(TIER, OTHER_TIER);
            }
            case Provider.Real real -> {
                environment.put(Provider.BASE_URL, Provider.REAL_URL);
                environment.put(Provider.KEY, real.key());
                environment.putIfAbsent(TIER, REAL_TIER);
                environment.putIfAbsent(DAILY_BUDGET, REAL_DAILY_BUDGET_USD);
            }
        }
        return Map.copyOf(environment);
    }

    /** With the address that a Quarkus program listens on. */
    static Map<String, String> listening(Map<String, String> environment, String host, int port) {
        var all = new HashMap<>(environment);
        all.put("QUARKUS_HTTP_HOST", host);
        all.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        return Map.copyOf(all);
    }
}
