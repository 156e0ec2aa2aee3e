package io.wavequeue.cli.screen;

/** Numbers of things. */
public final class Counted {

    private Counted() {}

    /** {@code 1 job}, {@code 2 jobs}, {@code 12,000 jobs}: the things are called by one of them. */
    public static String of(long count, String one) {
        return "%,d %s%s".formatted(count, one, count == 1 ? "" : "s");
    }
}
