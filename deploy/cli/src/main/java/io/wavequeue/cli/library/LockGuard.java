package io.wavequeue.cli.library;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.cli.client.Json;
import io.wavequeue.cli.screen.Money;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Asks whether a plan would buy what the lock file says was bought, at an installation that does not know of it. */
public final class LockGuard {

    private static final Set<String> BUYS = Set.of("new", "changed");

    private LockGuard() {}

    /** So many takes would be bought again, for so much. */
    public record BoughtAgain(int takes, Money price) {}

    /** What the plan's items would buy again; null = nothing. */
    public static @Nullable BoughtAgain check(LockFile lock, Iterable<JsonNode> planItems) {
        Set<String> paid = lock.paidKeys();
        if (paid.isEmpty()) {
            return null;
        }
        int takes = 0;
        List<@Nullable BigDecimal> prices = new ArrayList<>();
        for (JsonNode item : planItems) {
            String key = Json.text(item, "key");
            // What this installation has by the same key it knows: it came to nothing, and is made again.
            if (key != null
                    && paid.contains(key)
                    && !key.equals(Json.text(item, "previous_key"))
                    && BUYS.contains(item.path("action").asText())) {
                takes++;
                prices.add(Json.usd(item, "estimated_usd"));
            }
        }
        return takes == 0 ? null : new BoughtAgain(takes, Money.sum(prices));
    }
}
