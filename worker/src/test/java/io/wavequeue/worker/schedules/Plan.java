package io.wavequeue.worker.schedules;

import java.time.Duration;

/**
 * What one schedule is made of: jobs, limits, and how often what goes wrong until the faults stop. The settings keep the
 * proportions of the real ones; they are shorter, so that a schedule is.
 */
final class Plan {
    static final Duration WINDOW = Duration.ofSeconds(5);
    static final Duration BEAT = Duration.ofSeconds(1);
    static final Duration DEAD = Duration.ofSeconds(10);
    static final Duration SUBMIT_TIMEOUT = Duration.ofSeconds(8);
    static final Duration LAG = Duration.ofSeconds(4);
    static final Duration MARGIN = Duration.ofSeconds(3);
    static final Duration SEND_AGAIN = Duration.ofSeconds(10);
    static final long DEADLINE = 45_000;
    static final long NOT_FOUND_GRACE = 20_000;

    /** What the history tells of inputs. */
    enum Telling {
        ALL,
        SOME,
        NONE,
        REWRITTEN
    }

    final int jobs;
    final int inputs;
    final int maxAttempts;
    final int maxInFlight;
    final long calm;
    final Telling telling;
    final long historyLag;
    final long providerAhead;
    final double lostReply;
    final double slowReply;
    final double slowTransit;
    final double refusal;
    final double throttle;
    final double accountTrouble;
    final double serverError;
    final double failure;
    final double stuck;
    final double badLook;
    final double foreign;
    final double slowConnect;
    final double unconnected;
    final double lostCommit;
    final double slowDatabase;
    final double outage;
    final double badRecord;
    final double crash;
    final double stop;
    final double stopInSubmit;
    final double cutOff;
    final boolean onlyDatabase;
    final boolean soundProcesses;
    final double cancel;
    final double pause;
    final boolean offsets;

    /** @param harsh most of what endangers money happens at once, and little else */
    Plan(World world, boolean harsh) {
        jobs = (int) world.between(harsh ? 2 : 1, 4);
        inputs = world.chance(harsh ? 0.7 : 0.4) ? 1 : jobs;
        maxAttempts = harsh ? 4 : (int) world.between(1, 3);
        maxInFlight = !harsh && world.chance(0.3) ? (int) world.between(1, 2) : 10;
        calm = harsh ? 70_000 : world.between(10_000, 60_000);
        telling = world.chance(harsh ? 0.8 : 0.6)
                ? Telling.ALL
                : Telling.values()[(int) world.between(1, Telling.values().length - 1)];
        historyLag = harsh || world.chance(0.5) ? LAG.toMillis() : world.between(0, 1_000);
        offsets = world.chance(0.5);
        providerAhead = offsets ? world.between(-100_000, 100_000) : 0;
        boolean database = world.chance(harsh ? 0.2 : 0.35);
        boolean processes = harsh || world.chance(0.6);
        boolean provider = harsh || world.chance(0.8);
        lostReply = harsh ? 0.4 : provider ? rate(world, 0.8) : 0;
        slowReply = harsh ? 0.3 : provider ? rate(world, 0.4) : 0;
        slowTransit = harsh ? 0.5 : provider ? rate(world, 0.5) : 0;
        refusal = harsh ? 0 : provider ? rate(world, 0.1) : 0;
        throttle = harsh ? 0 : provider ? rate(world, 0.3) : 0;
        accountTrouble = harsh ? 0 : provider ? rate(world, 0.1) : 0;
        serverError = provider ? rate(world, 0.4) : 0;
        failure = rate(world, 0.4);
        stuck = world.chance(0.1) ? 0.3 : 0;
        badLook = rate(world, 0.3);
        foreign = harsh ? 0 : rate(world, 0.5);
        slowConnect = harsh ? 0.4 : rate(world, 0.4);
        unconnected = provider ? rate(world, 0.3) : 0;
        lostCommit = database ? rate(world, 0.4) : 0;
        slowDatabase = database ? rate(world, 0.2) : 0;
        outage = harsh ? 0 : database ? rate(world, 0.1) : 0;
        badRecord = rate(world, 0.5);
        crash = processes ? rate(world, 0.08) : 0;
        stop = harsh ? 0.15 : processes ? rate(world, 0.15) : 0;
        stopInSubmit = harsh ? 0.3 : processes ? rate(world, 0.4) : 0;
        cutOff = processes ? rate(world, 0.1) : 0;
        onlyDatabase = !processes && !provider;
        soundProcesses = !processes;
        cancel = harsh ? 0 : rate(world, 0.4);
        pause = harsh ? 0 : rate(world, 0.05);
    }

    /** Most things go well in most schedules. */
    private static double rate(World world, double most) {
        return world.chance(0.5) ? world.random.nextDouble() * most : 0;
    }
}
