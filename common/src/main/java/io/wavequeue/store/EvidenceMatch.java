package io.wavequeue.store;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Finds for each prediction a restored job that it may be of: one of its input, or one that is to have its input now. Jobs and
 * predictions come in the order of their times, all of one asked input together.
 *
 * <p>A prediction stands against one job, and as many jobs have one against them as there can be. Which of them it is does not
 * matter among jobs of equal input; a prediction of the asked input, which may be of any of them, is passed on when one comes that
 * can only be of its job.
 */
final class EvidenceMatch {
    private final Map<UUID, String> made = new LinkedHashMap<>();

    /** Of the asked input that is looked at, in order; those against which something stands by now are passed over. */
    private final Deque<Job> waiting = new ArrayDeque<>();

    private final Map<String, Deque<Job>> waitingByInput = new HashMap<>();

    /** What may be passed on, the latest first, by the job's own input. */
    private final Map<String, Deque<Taken>> taken = new HashMap<>();

    private String model = "";
    private String asked = "";
    private int place;

    /**
     * A job or a prediction.
     *
     * @param asked key of the input that the job is to have now, or that jobs of the prediction's input are to have
     * @param input key of its own input
     * @param jobId null = it is a prediction
     * @param predictionId null = it is a job
     */
    record Event(
            String model,
            String asked,
            String input,
            @Nullable UUID jobId,
            @Nullable String predictionId) {}

    private record Job(UUID id, String input, int place) {}

    private record Taken(Job job, String predictionId, int place) {}

    void take(Event event) {
        if (!event.model().equals(model) || !event.asked().equals(asked)) {
            waiting.clear();
            waitingByInput.clear();
            taken.clear();
            model = event.model();
            asked = event.asked();
        }
        place++;
        UUID id = event.jobId();
        if (id != null) {
            Job job = new Job(id, event.input(), place);
            waiting.add(job);
            waitingByInput
                    .computeIfAbsent(event.input(), input -> new ArrayDeque<>())
                    .add(job);
            return;
        }
        String prediction = Objects.requireNonNull(event.predictionId());
        if (event.input().equals(asked)) {
            takeAny(prediction, place);
        } else {
            takeOwn(event.input(), prediction);
        }
    }

    /** The jobs against which something stands, and the predictions that do. */
    Map<UUID, String> made() {
        return made;
    }

    /** A prediction of the asked input, from that place. */
    private void takeAny(String prediction, int from) {
        Job oldest = oldest(waiting);
        if (oldest == null || oldest.place() > from) {
            return;
        }
        made.put(oldest.id(), prediction);
        if (!oldest.input().equals(asked)) {
            taken.computeIfAbsent(oldest.input(), input -> new ArrayDeque<>())
                    .push(new Taken(oldest, prediction, from));
        }
    }

    private void takeOwn(String input, String prediction) {
        Job oldest = oldest(waitingByInput.getOrDefault(input, new ArrayDeque<>()));
        if (oldest != null) {
            made.put(oldest.id(), prediction);
            return;
        }
        Taken other = taken.getOrDefault(input, new ArrayDeque<>()).poll();
        if (other != null) {
            made.put(other.job().id(), prediction);
            takeAny(other.predictionId(), other.place());
        }
    }

    private @Nullable Job oldest(Deque<Job> jobs) {
        while (!jobs.isEmpty() && made.containsKey(jobs.element().id())) {
            jobs.remove();
        }
        return jobs.peek();
    }
}
