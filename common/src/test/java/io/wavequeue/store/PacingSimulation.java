package io.wavequeue.store;

import io.wavequeue.job.Account;
import io.wavequeue.job.Account.Limits;
import io.wavequeue.job.Pace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Workers with an endless backlog before a provider whose limit they do not know, in virtual time. Permits and pace are the
 * real ones; rows, claims and the provider are played.
 */
final class PacingSimulation {
    private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");
    private static final long TICK_MS = 50;
    private static final int CONNECTIONS = 128;

    private final Setting setting;
    private final SplittableRandom random;
    private final long[] nextLook;
    private final int[] connections;
    private final Deque<Submit> submitting = new ArrayDeque<>();
    private final TreeMap<Long, Integer> replies = new TreeMap<>();
    private final Deque<Long> taken = new ArrayDeque<>();
    private final List<Long> grants = new ArrayList<>();
    private long now;
    private long throttledUntil = -1;
    private @Nullable Pace pace;
    private int decreases;

    PacingSimulation(Setting setting, long seed) {
        this.setting = setting;
        this.random = new SplittableRandom(seed);
        this.nextLook = new long[setting.workers];
        this.connections = new int[setting.workers];
        for (int worker = 0; worker < nextLook.length; worker++) {
            nextLook[worker] = random.nextLong(200);
        }
    }

    /**
     * What is played.
     *
     * @param limit what the account is believed to allow, per minute
     * @param hidden what the provider takes in any 60 s
     * @param tellsWhen whether a 429 carries Retry-After
     * @param replyMs from a grant to its reply; the provider counts in the middle
     */
    record Setting(int workers, @Nullable Integer limit, int hidden, boolean tellsWhen, long replyMs) {}

    private record Submit(
            int worker, long grantedAt, @Nullable Instant pacedSince) {}

    /**
     * What came of it.
     *
     * @param used share of what the provider would have taken
     * @param refused share of the submits that were answered 429
     * @param decreases of the pace
     * @param mostInASecond grants of all workers
     */
    record Result(double used, double refused, int decreases, int mostInASecond) {}

    /** Plays on for so long; the result is of that time. */
    Result play(Duration time) {
        long end = now + time.toMillis();
        long began = now;
        int accepted = 0;
        int refused = 0;
        int decreasesBefore = decreases;
        grants.clear();
        while (now < end) {
            now += TICK_MS;
            while (!submitting.isEmpty() && submitting.getFirst().grantedAt + setting.replyMs <= now) {
                Submit submit = submitting.removeFirst();
                connections[submit.worker]--;
                replies.merge(now / 1_000, 1, Integer::sum);
                if (isTaken(submit)) {
                    accepted++;
                } else {
                    refused++;
                    throttle(submit);
                }
            }
            for (int worker = 0; worker < nextLook.length; worker++) {
                if (nextLook[worker] <= now) {
                    look(worker);
                }
            }
        }
        return new Result(
                accepted / (setting.hidden * (now - began) / 60_000.0),
                (double) refused / (accepted + refused),
                decreases - decreasesBefore,
                mostInASecond());
    }

    private boolean isTaken(Submit submit) {
        long counted = submit.grantedAt + setting.replyMs / 2;
        while (!taken.isEmpty() && taken.getFirst() <= counted - 60_000) {
            taken.removeFirst();
        }
        if (taken.size() >= setting.hidden) {
            return false;
        }
        taken.addLast(counted);
        return true;
    }

    private void throttle(Submit submit) {
        long wait =
                setting.tellsWhen ? Math.max(1, Math.ceilDiv(taken.getFirst() + 60_000 - now, 1_000L)) * 1_000 : 5_000;
        throttledUntil = Math.max(throttledUntil, now + wait);
        if (Objects.equals(submit.pacedSince, since())) {
            int lastMinute = permits().submitsOfTheMinute();
            pace = Pace.halved(pace, setting.limit, lastMinute, at(now), at(throttledUntil));
            decreases++;
        }
    }

    private void look(int worker) {
        Permits permits = permits();
        int free = permits.free(account(), CONNECTIONS - connections[worker]);
        connections[worker] += free;
        for (int i = 0; i < free; i++) {
            submitting.addLast(new Submit(worker, now, since()));
            grants.add(now);
        }
        Duration throttled = permits.throttledFor(account());
        nextLook[worker] = now
                + (throttled.isPositive() ? throttled.toMillis() + random.nextLong(1_001) : 100 + random.nextLong(101));
    }

    /** As the rows say: by the second of the reply, whose fraction is cut off. */
    private Permits permits() {
        long window = pace == null ? 0 : pace.window().toMillis();
        replies.headMap(Math.floorDiv(now - 61_000, 1_000L), true).clear();
        int justGranted = 0;
        for (Submit submit : submitting) {
            justGranted += submit.grantedAt > now - window ? 1 : 0;
        }
        int justReplied = 0;
        int all = 0;
        for (Map.Entry<Long, Integer> second : replies.entrySet()) {
            justReplied += second.getKey() * 1_000 > now - window ? second.getValue() : 0;
            all += second.getValue();
        }
        return new Permits(true, submitting.size(), submitting.size(), all, justGranted, justReplied, at(now));
    }

    private Account account() {
        return new Account(
                new Limits("custom", setting.limit, null),
                null,
                null,
                throttledUntil < 0 ? null : at(throttledUntil),
                pace);
    }

    private @Nullable Instant since() {
        return pace == null ? null : pace.since();
    }

    private static Instant at(long millis) {
        return START.plusMillis(millis);
    }

    private int mostInASecond() {
        int most = 0;
        int first = 0;
        for (int last = 0; last < grants.size(); last++) {
            while (grants.get(first) <= grants.get(last) - 1_000) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }
}
