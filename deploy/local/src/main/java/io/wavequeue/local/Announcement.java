package io.wavequeue.local;

import java.util.Map;

/** The first line of output: who is asked for audio, and what that may cost. */
final class Announcement {
    private static final Map<String, String> PUBLISHED_LIMITS = Map.of(
            "bronze", "2 submits per minute, 2 in flight",
            "silver", "500 submits per minute, 300 in flight",
            "gold", "3000 submits per minute, 3000 in flight",
            "ultra", "5000 submits per minute, 10000 in flight");

    private Announcement() {}

    static String of(Provider provider, Map<String, String> childEnvironment) {
        return switch (provider) {
            case Provider.Simulated ignored -> "Provider: the simulator of this project; nothing is paid.";
            case Provider.Other other -> "Provider: " + other.baseUrl() + " (" + Provider.BASE_URL + ").";
            case Provider.Real ignored ->
                "Provider: WaveSpeed itself, %s. THIS COSTS MONEY. Limits: %s. Daily budget: %s USD."
                        .formatted(
                                Provider.REAL_URL,
                                limits(childEnvironment),
                                childEnvironment.getOrDefault(
                                        ChildEnvironment.DAILY_BUDGET, ChildEnvironment.REAL_DAILY_BUDGET_USD));
        };
    }

    private static String limits(Map<String, String> environment) {
        var tier = environment.getOrDefault(ChildEnvironment.TIER, ChildEnvironment.REAL_TIER);
        var text = new StringBuilder("tier ").append(tier);
        var published = PUBLISHED_LIMITS.get(tier);
        if (published != null) {
            text.append(" (").append(published).append(')');
        }
        appendOverride(text, environment, ChildEnvironment.SUBMITS_PER_MINUTE);
        appendOverride(text, environment, ChildEnvironment.MAX_IN_FLIGHT);
        return text.toString();
    }

    private static void appendOverride(StringBuilder text, Map<String, String> environment, String name) {
        var value = environment.get(name);
        if (value != null) {
            text.append(", ").append(name).append('=').append(value);
        }
    }
}
