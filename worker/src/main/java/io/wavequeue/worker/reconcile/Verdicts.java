package io.wavequeue.worker.reconcile;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the evidence says of the uncertain submits of one model. Pure.
 *
 * <p>Positive evidence counts at once: a prediction that nobody has, made in the submit's window from an equal input, is
 * the submit's own, unless another submit of an equal input is still without an outcome. Predictions of equal inputs are
 * interchangeable, so it is enough that the numbers are right; but then all of them are judged together. Absence counts only when creation has become impossible,
 * the history had time to show it, and nothing is left in the window that could be it.
 */
final class Verdicts {
    private Verdicts() {}

    /**
     * A submit whose prediction, if there is one, was created between these times of the provider's clock.
     *
     * @param key what its input is compared by
     */
    record Submit(UUID jobId, String key, Instant from, Instant until) {
        boolean mayHaveMade(Sighting sighting) {
            Instant at = sighting.createdAt();
            return at == null || (!at.isBefore(from) && !at.isAfter(until));
        }

        boolean overlaps(Submit other) {
            return !from.isAfter(other.until) && !until.isBefore(other.from);
        }
    }

    /**
     * A prediction that no attempt has.
     *
     * @param createdAt null = not told
     * @param key of its input; null = not told
     */
    record Sighting(
            String predictionId,
            @Nullable Instant createdAt,
            @Nullable String key) {}

    /**
     * What is known of one model.
     *
     * @param doubts the uncertain submits to judge
     * @param ripe those of them whose absence from the history would prove something
     * @param rivals other submits without an outcome
     * @param complete whether the sightings are all that the windows of the ripe ones hold
     * @param faithful whether the history is seen to tell inputs as they were sent: if not, an input that is nobody's may
     *     be one of ours in another form
     */
    record Evidence(
            List<Submit> doubts,
            Set<UUID> ripe,
            List<Submit> rivals,
            List<Sighting> sightings,
            boolean complete,
            boolean faithful) {}

    sealed interface Verdict {
        /** This prediction is its own. */
        record Adopt(String predictionId) implements Verdict {}

        /** The provider never made anything of it. */
        record NotCreated() implements Verdict {}

        /** One of these may be its own; a person has to say. */
        record Ask(List<Sighting> candidates) implements Verdict {}

        /** Not to be told yet. */
        record Wait() implements Verdict {}
    }

    static Map<UUID, Verdict> of(Evidence evidence) {
        Map<UUID, Verdict> verdicts = new HashMap<>();
        List<Sighting> left = new ArrayList<>(evidence.sightings());
        List<List<Submit>> clusters = clusters(evidence.doubts());
        clusters.forEach(cluster -> assign(cluster, evidence, verdicts, left));
        for (List<Submit> cluster : clusters) {
            for (Submit doubt : cluster) {
                verdicts.computeIfAbsent(
                        doubt.jobId(),
                        id -> evidence.ripe().contains(id) && evidence.complete()
                                ? absent(cluster, evidence, left)
                                : new Verdict.Wait());
            }
        }
        return verdicts;
    }

    /** Submits of equal inputs whose windows hang together: one prediction may be any one's of them. */
    private static List<List<Submit>> clusters(List<Submit> doubts) {
        List<Submit> inOrder = doubts.stream()
                .sorted(Comparator.comparing(Submit::key)
                        .thenComparing(Submit::from)
                        .thenComparing(Submit::jobId))
                .toList();
        List<List<Submit>> clusters = new ArrayList<>();
        for (Submit doubt : inOrder) {
            Submit last = clusters.isEmpty() ? null : clusters.getLast().getLast();
            if (last == null || !last.key().equals(doubt.key()) || !last.overlaps(doubt)) {
                clusters.add(new ArrayList<>());
            }
            clusters.getLast().add(doubt);
        }
        return clusters;
    }

    /**
     * Gives a cluster its predictions, earliest first, each to the submit whose window ends first: so none is left over
     * that could be given. Several submits are judged together, once their history is complete; one whose prediction may
     * be a pending submit's makes all of them wait, since whoever took a wrong one would leave another with none.
     */
    private static void assign(
            List<Submit> cluster, Evidence evidence, Map<UUID, Verdict> verdicts, List<Sighting> left) {
        List<Sighting> own = evidence.sightings().stream()
                .filter(sighting -> cluster.getFirst().key().equals(sighting.key())
                        && cluster.stream().anyMatch(doubt -> doubt.mayHaveMade(sighting)))
                .sorted(Comparator.comparing(
                        (Sighting sighting) -> sighting.createdAt() == null ? Instant.MAX : sighting.createdAt()))
                .toList();
        boolean contested = own.stream().anyMatch(sighting -> evidence.rivals().stream()
                .anyMatch(rival -> rival.key().equals(sighting.key()) && rival.mayHaveMade(sighting)));
        boolean together = cluster.size() == 1
                || (evidence.complete()
                        && cluster.stream().allMatch(doubt -> evidence.ripe().contains(doubt.jobId())));
        if (contested || !together) {
            cluster.forEach(doubt -> verdicts.put(doubt.jobId(), new Verdict.Wait()));
            return;
        }
        List<Submit> open = new ArrayList<>(cluster);
        for (Sighting sighting : own) {
            Submit maker = open.stream()
                    .filter(doubt -> doubt.mayHaveMade(sighting))
                    .min(Comparator.comparing(Submit::until).thenComparing(Submit::jobId))
                    .orElse(null);
            if (maker != null) {
                verdicts.put(maker.jobId(), new Verdict.Adopt(sighting.predictionId()));
                open.remove(maker);
                left.remove(sighting);
            }
        }
    }

    /**
     * What could be any one's of the cluster counts, not only what could be its own: the one whose it is may have been
     * given the prediction that this one made.
     */
    private static Verdict absent(List<Submit> cluster, Evidence evidence, List<Sighting> left) {
        List<Sighting> possible = left.stream()
                .filter(sighting -> sighting.key() == null || !evidence.faithful())
                .filter(sighting -> cluster.stream().anyMatch(doubt -> doubt.mayHaveMade(sighting)))
                .toList();
        if (possible.isEmpty()) {
            return new Verdict.NotCreated();
        }
        boolean othersPending =
                evidence.rivals().stream().anyMatch(rival -> cluster.stream().anyMatch(rival::overlaps));
        return othersPending ? new Verdict.Wait() : new Verdict.Ask(possible);
    }
}
