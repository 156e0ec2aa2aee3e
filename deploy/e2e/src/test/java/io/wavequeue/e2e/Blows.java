package io.wavequeue.e2e;

import io.wavequeue.e2e.RunningStack.Part;
import io.wavequeue.job.Lane;
import io.wavequeue.message.Topics;
import io.wavequeue.simulator.Simulator;
import io.wavequeue.test.DatabaseLink;
import io.wavequeue.test.Servers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

/** Strikes a stack, one blow after the other; what was stopped is woken beside the next ones. */
final class Blows {
    /** Longer than a stopped worker waits to be declared dead. */
    private static final Duration DECLARED_WITHIN = Duration.ofSeconds(20);

    private static final Duration AWAY = Duration.ofSeconds(3);
    private static final Duration STOPPED = Duration.ofSeconds(6);
    private static final Duration BROKER_WITHIN = Duration.ofSeconds(40);
    private static final Set<String> TOPICS =
            Set.of(Topics.of(Lane.BULK), Topics.of(Lane.INTERACTIVE), Topics.EVENTS, Topics.DEAD_LETTERS);
    private static final int COMMITS = 5;

    private final RunningStack stack;
    private final Rows rows;
    private final String databaseUrl;
    private final DatabaseLink link;
    private final Simulator provider;
    private final Random random;
    private final int workers;
    private final Map<Blow, Integer> struck = new EnumMap<>(Blow.class);
    private final List<Thread> waking = new ArrayList<>();

    Blows(RunningStack stack, String databaseUrl, DatabaseLink link, Simulator provider, Random random, int workers) {
        this.stack = stack;
        this.rows = new Rows(databaseUrl);
        this.databaseUrl = databaseUrl;
        this.link = link;
        this.provider = provider;
        this.random = random;
        this.workers = workers;
    }

    /** So many, all kinds before any comes again. */
    static List<Blow> drawn(int count, Random random) {
        List<Blow> drawn = new ArrayList<>();
        while (drawn.size() < count) {
            List<Blow> deck = new ArrayList<>(List.of(Blow.values()));
            Collections.shuffle(deck, random);
            drawn.addAll(deck);
        }
        return drawn.subList(0, count);
    }

    void strike(Blow blow) {
        Part worker = stack.part("worker-" + (1 + random.nextInt(workers)));
        switch (blow) {
            case KILL_WORKER -> RunningStack.signal(worker.pid(), "KILL");
            case STOP_WORKER -> stop(worker, DECLARED_WITHIN, () -> isDeclaredDead(worker.pid()));
            case KILL_API -> RunningStack.signal(stack.part("api").pid(), "KILL");
            case STOP_API -> stop(stack.part("api"), STOPPED, () -> false);
            case END_CONNECTIONS -> Servers.postgres().endConnections(databaseUrl);
            case CUT_DATABASE -> {
                link.cut();
                RunningStack.within(AWAY, () -> false);
                link.mend();
            }
            case LOSE_COMMITS -> link.loseCommits("job", COMMITS);
            case STOP_KAFKA -> stop(stack.part("kafka"), STOPPED, () -> false);
            case KILL_KAFKA -> RunningStack.signal(stack.part("kafka").pid(), "KILL");
            case DELETE_TOPICS -> deleteTopics();
            case PROVIDER_OUT -> {
                provider.goOut();
                RunningStack.within(AWAY, () -> false);
                provider.comeBack();
            }
        }
        struck.merge(blow, 1, Integer::sum);
    }

    /** Waits until all that was stopped is awake. */
    void awaitWoken() throws InterruptedException {
        for (Thread thread : waking) {
            thread.join();
        }
        link.loseNoMore();
    }

    Map<Blow, Integer> struck() {
        return struck;
    }

    private void stop(Part part, Duration atMost, Callable<Boolean> until) {
        RunningStack.signal(part.pid(), "STOP");
        waking.add(Thread.ofVirtual().start(() -> {
            RunningStack.within(atMost, until);
            RunningStack.signal(part.pid(), "CONT");
        }));
    }

    private boolean isDeclaredDead(long pid) {
        return rows.number("select count(*) from worker where pid = ? and ended_at is not null", pid) > 0;
    }

    /** A broker that is away just now is asked again; one that stays away keeps them. */
    private void deleteTopics() {
        if (!RunningStack.within(BROKER_WITHIN, this::areTopicsDeleted)) {
            struck.merge(Blow.DELETE_TOPICS, -1, Integer::sum);
        }
    }

    private boolean areTopicsDeleted() throws InterruptedException {
        Map<String, Object> patience = Map.of(
                "bootstrap.servers", stack.kafka(), "default.api.timeout.ms", 8_000, "request.timeout.ms", 4_000);
        try (Admin admin = Admin.create(patience)) {
            Set<String> there = new HashSet<>(TOPICS);
            there.retainAll(admin.listTopics().names().get());
            admin.deleteTopics(there).all().get();
            return !there.isEmpty();
        } catch (ExecutionException away) {
            return false;
        }
    }
}
