package io.wavequeue.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.cli.client.ApiException;
import io.wavequeue.cli.client.ApiUnreadableException;
import io.wavequeue.cli.client.HttpJson;
import io.wavequeue.cli.client.Job;
import io.wavequeue.cli.client.Json;
import io.wavequeue.cli.screen.Money;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compares what we say we paid with the provider's own record, the simulator's ledger: every prediction of ours is in it
 * once, no submit of the same body was accepted beside them, and the sums agree to the micro-dollar. Other jobs' lines
 * are left alone.
 */
final class LedgerCheck {

    private final HttpJson simulator;

    LedgerCheck(HttpJson simulator) {
        this.simulator = simulator;
    }

    /** @param start when the run began; older lines cannot be doubles of its submits */
    Finding check(List<Outcome> outcomes, Instant start) throws InterruptedException {
        try {
            return compare(outcomes, read(simulator.get("/admin/ledger").json()), start);
        } catch (ApiException e) {
            return new Finding.Bad("ledger", List.of("the simulator's ledger cannot be read: " + e.getMessage()));
        }
    }

    /** One accepted submit. */
    private record Entry(String predictionId, String bodySha256, Instant acceptedAt, BigDecimal priceUsd) {

        static Entry of(JsonNode json) {
            String id = Json.text(json, "prediction_id");
            String body = Json.text(json, "body_sha256");
            String accepted = Json.text(json, "accepted_at");
            BigDecimal price = Json.usd(json, "price_usd");
            if (id == null || body == null || accepted == null || price == null) {
                throw new ApiUnreadableException("an entry without prediction, body, time or price");
            }
            return new Entry(id, body, Instant.parse(accepted), price);
        }
    }

    private static List<Entry> read(JsonNode ledger) {
        if (!ledger.path("entries").isArray()) {
            throw new ApiUnreadableException("it has no 'entries'");
        }
        return ledger.path("entries").valueStream().map(Entry::of).toList();
    }

    private static Finding compare(List<Outcome> outcomes, List<Entry> ledger, Instant start) {
        Map<String, List<Entry>> byPrediction = ledger.stream().collect(Collectors.groupingBy(Entry::predictionId));
        List<String> faults = new ArrayList<>();
        List<Entry> billed = new ArrayList<>();
        List<@Nullable BigDecimal> charged = new ArrayList<>();
        for (Outcome outcome : outcomes) {
            for (Job.Attempt attempt : outcome.job().attempts()) {
                String id = attempt.predictionId();
                if (id != null) {
                    List<Entry> entries = byPrediction.getOrDefault(id, List.of());
                    if (entries.size() != 1) {
                        faults.add(outcome.cue().reference() + ": prediction " + id + " is in the ledger "
                                + entries.size() + " times");
                    }
                    billed.addAll(entries);
                    charged.add(attempt.chargedUsd());
                }
            }
        }
        faults.addAll(doubles(billed, ledger, start));
        return judge(billed, charged, faults);
    }

    /** Submits of a body of ours, made meanwhile, that none of our attempts knows: paid and lost. */
    private static List<String> doubles(List<Entry> ours, List<Entry> ledger, Instant start) {
        Set<String> bodies = ours.stream().map(Entry::bodySha256).collect(Collectors.toSet());
        Set<String> known = ours.stream().map(Entry::predictionId).collect(Collectors.toSet());
        return ledger.stream()
                .filter(entry -> bodies.contains(entry.bodySha256()) && !known.contains(entry.predictionId()))
                .filter(entry -> !entry.acceptedAt().isBefore(start))
                .map(entry -> "prediction " + entry.predictionId()
                        + " has the body of one of these jobs, and none of their attempts knows it: paid twice?")
                .toList();
    }

    private static Finding judge(List<Entry> billed, List<@Nullable BigDecimal> charged, List<String> faults) {
        Money theirs = Money.sum(billed.stream().map(Entry::priceUsd).toList());
        Money ours = Money.sum(charged);
        if (ours.unknown() > 0 || ours.known().compareTo(theirs.known()) != 0) {
            faults.add("the ledger says " + theirs + ", our attempts say " + ours);
        }
        String accepted = "ledger: " + billed.size() + " submits accepted, " + theirs;
        return faults.isEmpty() ? new Finding.Good(accepted + " = ours") : new Finding.Bad(accepted, faults);
    }
}
