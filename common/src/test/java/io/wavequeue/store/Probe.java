package io.wavequeue.store;

/** One statement, or few that belong together, timed. */
final class Probe {
    private final String name;
    private final boolean slow;
    private final Prepared prepared;

    /** Makes ready what is not timed. */
    @FunctionalInterface
    interface Prepared {
        Runnable make();
    }

    private Probe(String name, boolean slow, Prepared prepared) {
        this.name = name;
        this.slow = slow;
        this.prepared = prepared;
    }

    static Probe of(String name, Prepared prepared) {
        return new Probe(name, false, prepared);
    }

    /** Without anything to make ready. */
    static Probe plain(String name, Runnable timed) {
        return new Probe(name, false, () -> timed);
    }

    /** So slow that once will do. */
    static Probe once(String name, Runnable timed) {
        return new Probe(name, true, () -> timed);
    }

    String name() {
        return name;
    }

    boolean isSlow() {
        return slow;
    }

    double milliseconds() {
        Runnable timed = prepared.make();
        long start = System.nanoTime();
        timed.run();
        return (System.nanoTime() - start) / 1e6;
    }
}
