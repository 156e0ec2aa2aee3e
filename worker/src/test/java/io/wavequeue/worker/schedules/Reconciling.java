package io.wavequeue.worker.schedules;

import io.wavequeue.job.JobStatus;
import io.wavequeue.job.Transition;
import io.wavequeue.job.Transition.AttemptChange;
import io.wavequeue.store.ReconcileStore.OpenSubmit;
import io.wavequeue.worker.provider.HistoryItem;
import io.wavequeue.worker.reconcile.Judge;
import io.wavequeue.worker.run.Stopwatch.Stamp;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** The steps of {@code Reconciler}, without its lease: that only spares double work. */
final class Reconciling {
    private static final long EVERY = 3_000;

    private final Process process;
    private final Schedule schedule;
    private final World world;
    private final Rows rows;
    private final Judge judge;

    Reconciling(Process process) {
        this.process = process;
        this.schedule = process.schedule;
        this.world = schedule.world;
        this.rows = schedule.rows;
        this.judge = schedule.judge(process.retries);
    }

    /** What a look has read so far. */
    private record Look(List<OpenSubmit> doubts, Duration ahead, List<HistoryItem> items) {}

    void step() {
        world.in(process, EVERY, this::step);
        if (!rows.hasDoubts()) {
            return;
        }
        Stamp asked = process.stopwatch.stamp();
        schedule.link.call(
                process,
                () -> rows.open().stream()
                        .filter(submit -> submit.status() == JobStatus.UNCERTAIN)
                        .toList(),
                doubts -> {
                    if (!doubts.isEmpty()) {
                        time(asked, doubts);
                    }
                },
                away -> {});
    }

    /** The provider's time travels in whole seconds. */
    private void time(Stamp asked, List<OpenSubmit> doubts) {
        world.in(transit(), () -> {
            Instant date = schedule.shop.time().truncatedTo(ChronoUnit.SECONDS);
            world.in(process, transit(), () -> compare(asked, doubts, date));
        });
    }

    private void compare(Stamp asked, List<OpenSubmit> doubts, Instant date) {
        Duration took = schedule.bugs.contains(Bug.CLOCKS_APART) ? Duration.ZERO : process.stopwatch.since(asked);
        Optional<Duration> ahead = judge.ahead(doubts.getFirst().readAt(), date, took);
        if (ahead.isPresent()) {
            world.in(transit(), () -> {
                List<HistoryItem> items = schedule.shop.history(judge.span(doubts, ahead.get()));
                Look look = new Look(doubts, ahead.get(), items);
                world.in(process, transit(), () -> rows(look));
            });
        }
    }

    private void rows(Look look) {
        List<String> ids = look.items().stream().map(HistoryItem::id).toList();
        schedule.link.call(
                process,
                () -> rows.known(ids),
                known -> schedule.link.call(process, rows::open, open -> judge(look, known, open), away -> {}),
                away -> {});
    }

    private void judge(Look look, Map<String, String> known, List<OpenSubmit> open) {
        List<Transition> changes = judge.judge(
                look.doubts(),
                look.ahead(),
                look.items(),
                known,
                schedule.bugs.contains(Bug.STALE_DOUBTS) ? look.doubts() : open,
                process.now());
        List<Transition> found = new ArrayList<>();
        List<Transition> rest = new ArrayList<>();
        changes.forEach(change -> (change.attempt() instanceof AttemptChange.Accepted ? found : rest).add(change));
        write(found, rest);
    }

    /** What is found first; the rest when all of that holds. */
    private void write(List<Transition> found, List<Transition> rest) {
        if (found.isEmpty()) {
            rest.forEach(change -> process.write(change, applied -> {}, () -> {}));
            return;
        }
        AtomicInteger missing = new AtomicInteger(found.size());
        Runnable isThere = () -> {
            if (missing.decrementAndGet() == 0) {
                write(List.of(), rest);
            }
        };
        for (Transition change : found) {
            process.write(
                    change,
                    applied -> {
                        if (applied) {
                            isThere.run();
                        }
                    },
                    () -> {});
        }
    }

    private long transit() {
        return world.now() < schedule.plan.calm && world.chance(schedule.plan.slowReply)
                ? world.between(100, 6_000)
                : world.between(1, 200);
    }
}
