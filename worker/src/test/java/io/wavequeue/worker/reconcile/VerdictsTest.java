package io.wavequeue.worker.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.worker.reconcile.Verdicts.Evidence;
import io.wavequeue.worker.reconcile.Verdicts.Sighting;
import io.wavequeue.worker.reconcile.Verdicts.Submit;
import io.wavequeue.worker.reconcile.Verdicts.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class VerdictsTest {
    private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");
    private static final long WINDOW = 125;

    private int jobs;

    private Submit submit(String key, long at) {
        return new Submit(new UUID(0, ++jobs), key, START.plusSeconds(at), START.plusSeconds(at + WINDOW));
    }

    private static Sighting seen(String id, long at, @Nullable String key) {
        return new Sighting(id, START.plusSeconds(at), key);
    }

    private static Map<UUID, Verdict> judge(List<Submit> doubts, List<Submit> rivals, List<Sighting> seen) {
        return Verdicts.of(new Evidence(doubts, ids(doubts), rivals, seen, true, true));
    }

    private static Set<UUID> ids(List<Submit> submits) {
        return submits.stream().map(Submit::jobId).collect(Collectors.toSet());
    }

    @Test
    void shouldAdoptThePredictionOfAnEqualInput() {
        Submit doubt = submit("a", 0);
        assertThat(judge(List.of(doubt), List.of(), List.of(seen("other", 3, "b"), seen("mine", 4, "a"))))
                .containsExactly(Map.entry(doubt.jobId(), new Verdict.Adopt("mine")));
    }

    @Test
    void shouldAdoptBeforeItIsRipe() {
        Submit doubt = submit("a", 0);
        Evidence young = new Evidence(List.of(doubt), Set.of(), List.of(), List.of(seen("mine", 4, "a")), false, false);
        assertThat(Verdicts.of(young)).containsValue(new Verdict.Adopt("mine"));
    }

    @Test
    void shouldGiveFourEqualSubmitsFourPredictions() {
        List<Submit> doubts = List.of(submit("a", 0), submit("a", 1), submit("a", 2), submit("a", 3));
        List<Sighting> seen = List.of(seen("p1", 1, "a"), seen("p2", 2, "a"), seen("p3", 3, "a"), seen("p4", 4, "a"));
        assertThat(judge(doubts, List.of(), seen).values())
                .containsExactlyInAnyOrder(
                        new Verdict.Adopt("p1"),
                        new Verdict.Adopt("p2"),
                        new Verdict.Adopt("p3"),
                        new Verdict.Adopt("p4"));
    }

    @Test
    void shouldWaitWhileAnotherSubmitOfAnEqualInputHasNoOutcome() {
        Submit doubt = submit("a", 0);
        assertThat(judge(List.of(doubt), List.of(submit("a", 2)), List.of(seen("whose", 4, "a"))))
                .containsValue(new Verdict.Wait());
        assertThat(judge(List.of(doubt), List.of(submit("b", 2)), List.of(seen("mine", 4, "a"))))
                .containsValue(new Verdict.Adopt("mine"));
    }

    @Test
    void shouldProveAbsenceOnlyWhenRipeCompleteAndNothingIsLeftThatCouldBeIt() {
        Submit doubt = submit("a", 0);
        List<Submit> doubts = List.of(doubt);
        List<Sighting> others = List.of(seen("other", 3, "b"));
        assertThat(Verdicts.of(new Evidence(doubts, Set.of(), List.of(), others, true, true)))
                .containsValue(new Verdict.Wait());
        assertThat(Verdicts.of(new Evidence(doubts, ids(doubts), List.of(), others, false, true)))
                .containsValue(new Verdict.Wait());
        assertThat(Verdicts.of(new Evidence(doubts, ids(doubts), List.of(), others, true, true)))
                .containsValue(new Verdict.NotCreated());
        assertThat(Verdicts.of(new Evidence(doubts, ids(doubts), List.of(), List.of(), true, false)))
                .containsValue(new Verdict.NotCreated());
    }

    @Test
    void shouldAskWhenAnInputIsNotToldOrNotFaithfullyTold() {
        Submit doubt = submit("a", 0);
        Sighting silent = new Sighting("silent", START.plusSeconds(3), null);
        assertThat(judge(List.of(doubt), List.of(), List.of(silent))).containsValue(new Verdict.Ask(List.of(silent)));
        assertThat(judge(List.of(doubt), List.of(submit("b", 5)), List.of(silent)))
                .as("the pending one may be its maker")
                .containsValue(new Verdict.Wait());
        Sighting rewritten = seen("rewritten", 3, "b");
        assertThat(Verdicts.of(
                        new Evidence(List.of(doubt), ids(List.of(doubt)), List.of(), List.of(rewritten), true, false)))
                .containsValue(new Verdict.Ask(List.of(rewritten)));
    }

    @Test
    void shouldAskWhenWhatIsLeftMayBeTheOneOfAnotherSubmitOfAnEqualInput() {
        Submit first = submit("a", 0);
        Submit second = submit("a", 100);
        Sighting untold = seen("first's", 10, null);

        assertThat(judge(List.of(first, second), List.of(), List.of(untold, seen("second's", 110, "a"))))
                .as("the first was given the second's: what is left could not be the second's own")
                .containsOnly(
                        Map.entry(first.jobId(), new Verdict.Adopt("second's")),
                        Map.entry(second.jobId(), new Verdict.Ask(List.of(untold))));
    }

    @Test
    void shouldIgnoreWhatWasMadeOutsideOfTheWindow() {
        Submit doubt = submit("a", 0);
        assertThat(judge(List.of(doubt), List.of(), List.of(seen("before", -1, "a"), seen("after", WINDOW + 1, "a"))))
                .containsValue(new Verdict.NotCreated());
    }

    @Test
    void shouldJudgeEqualSubmitsTogetherSinceALateSightingMayBeTheFirstOnes() {
        Submit first = submit("a", 0);
        Submit second = submit("a", 100);
        Sighting ofSecond = seen("second's", 110, "a");
        Evidence early =
                new Evidence(List.of(first, second), Set.of(first.jobId()), List.of(), List.of(ofSecond), true, true);
        assertThat(Verdicts.of(early).values()).containsOnly(new Verdict.Wait());
        assertThat(judge(List.of(first, second), List.of(), List.of(seen("first's", 10, "a"), ofSecond)))
                .containsOnly(
                        Map.entry(first.jobId(), new Verdict.Adopt("first's")),
                        Map.entry(second.jobId(), new Verdict.Adopt("second's")));
    }

    /** A world in which the truth is known. */
    private record World(
            List<Submit> doubts, List<Submit> rivals, List<Sighting> seen, Map<String, Integer> uncreated) {}

    private World world(Random random) {
        World world = new World(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new HashMap<>());
        int submits = 1 + random.nextInt(8);
        for (int i = 0; i < submits; i++) {
            String key = String.valueOf((char) ('a' + random.nextInt(3)));
            long at = random.nextInt(300);
            boolean rival = random.nextInt(4) == 0;
            (rival ? world.rivals : world.doubts).add(submit(key, at));
            if (random.nextBoolean()) {
                world.seen.add(seen((rival ? "r" : "p") + i, at + random.nextInt((int) WINDOW), key));
            } else if (!rival) {
                world.uncreated.merge(key, 1, Integer::sum);
            }
        }
        return world;
    }

    /**
     * The history is looked at while some predictions do not show yet and some submits are pending, and again when all
     * is known: no prediction is given twice, none to a submit that could not have made it, and of each input never more
     * submits are proved not created than truly were not.
     */
    @Test
    void shouldNeverProveTooManyAbsentInRandomWorlds() {
        int absent = 0;
        for (int seed = 0; seed < 30_000; seed++) {
            Random random = new Random(seed);
            World world = world(random);
            List<Sighting> visible =
                    world.seen.stream().filter(sighting -> random.nextBoolean()).toList();
            Set<String> given = new HashSet<>();
            Evidence early = new Evidence(world.doubts, Set.of(), world.rivals, visible, true, true);
            Map<UUID, Verdict> first = Verdicts.of(early);
            check(seed, world, given, first);
            List<Submit> rest = world.doubts.stream()
                    .filter(doubt -> first.get(doubt.jobId()) instanceof Verdict.Wait)
                    .toList();
            List<Sighting> unknown = world.seen.stream()
                    .filter(sighting -> !given.contains(sighting.predictionId())
                            && !sighting.predictionId().startsWith("r"))
                    .toList();
            absent += check(seed, world, given, judge(rest, List.of(), unknown));
        }
        assertThat(absent).isGreaterThan(10_000);
    }

    private static int check(int seed, World world, Set<String> given, Map<UUID, Verdict> verdicts) {
        Map<String, Integer> absent = new HashMap<>();
        for (Submit doubt : world.doubts) {
            switch (verdicts.getOrDefault(doubt.jobId(), new Verdict.Wait())) {
                case Verdict.Adopt(String id) -> {
                    assertThat(given.add(id)).as("seed %d", seed).isTrue();
                    Sighting own = world.seen.stream()
                            .filter(sighting -> sighting.predictionId().equals(id))
                            .findFirst()
                            .orElseThrow();
                    assertThat(doubt.mayHaveMade(own)).as("seed %d", seed).isTrue();
                    assertThat(own.key()).as("seed %d", seed).isEqualTo(doubt.key());
                }
                case Verdict.NotCreated none -> absent.merge(doubt.key(), 1, Integer::sum);
                case Verdict.Ask ask -> throw new AssertionError("seed " + seed + ": every input is told");
                case Verdict.Wait none -> {}
            }
        }
        absent.forEach((key, count) -> assertThat(count)
                .as("seed %d, %s", seed, key)
                .isLessThanOrEqualTo(world.uncreated.getOrDefault(key, 0)));
        return absent.values().stream().mapToInt(Integer::intValue).sum();
    }
}
