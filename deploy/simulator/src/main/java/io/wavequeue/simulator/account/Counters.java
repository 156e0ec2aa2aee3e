package io.wavequeue.simulator.account;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Counts what {@link Stats} shows. */
final class Counters {
    private final Map<String, long[]> requests = new HashMap<>();
    private final Map<BodyHash, int[]> acceptedByBody = new HashMap<>();
    private final Map<BodyHash, int[]> receivedByBody = new HashMap<>();
    private final SlidingWindow accepted = new SlidingWindow();
    private final SlidingWindow not429 = new SlidingWindow();
    private long submitsReceived;
    private long submitsAccepted;
    private long submits429;
    private int open;
    private int maxOpen;
    private long duplicatedBodies;
    private long duplicateSubmits;
    private long keysLeaked;
    private long webhooksSent;
    private long webhooksDelivered;

    long request(String endpoint) {
        return requests.computeIfAbsent(endpoint, name -> new long[1])[0]++;
    }

    int receivedBefore(BodyHash hash) {
        return receivedByBody.computeIfAbsent(hash, body -> new int[1])[0]++;
    }

    int acceptedBefore(BodyHash marker) {
        int[] count = acceptedByBody.get(marker);
        return count == null ? 0 : count[0];
    }

    void received(long now, boolean is429) {
        submitsReceived++;
        if (is429) {
            submits429++;
        } else {
            not429.add(now);
        }
    }

    /**
     * Counts an accepted submit.
     *
     * @param marker what draws follow from, which may differ from the body
     */
    void accepted(BodyHash hash, BodyHash marker, long now) {
        if (!marker.equals(hash)) {
            acceptedByBody.computeIfAbsent(marker, body -> new int[1])[0]++;
        }
        submitsAccepted++;
        accepted.add(now);
        maxOpen = Math.max(maxOpen, ++open);
        int before = acceptedByBody.computeIfAbsent(hash, body -> new int[1])[0]++;
        if (before > 0) {
            duplicateSubmits++;
        }
        if (before == 1) {
            duplicatedBodies++;
        }
    }

    void ended() {
        open--;
    }

    /** Counts a request other than a submit against the minute's limit. */
    void limited(long now) {
        not429.add(now);
    }

    void leaked() {
        keysLeaked++;
    }

    void webhook(boolean delivered) {
        webhooksSent++;
        webhooksDelivered += delivered ? 1 : 0;
    }

    SlidingWindow not429() {
        return not429;
    }

    Stats stats() {
        Map<String, Long> byEndpoint = new TreeMap<>();
        requests.forEach((name, count) -> byEndpoint.put(name, count[0]));
        return new Stats(
                byEndpoint,
                submitsReceived,
                submitsAccepted,
                submits429,
                accepted.highest(),
                not429.highest(),
                open,
                maxOpen,
                duplicatedBodies,
                duplicateSubmits,
                keysLeaked,
                webhooksSent,
                webhooksDelivered);
    }
}
