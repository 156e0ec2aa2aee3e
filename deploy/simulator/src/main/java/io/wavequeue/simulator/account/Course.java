package io.wavequeue.simulator.account;

/**
 * How a prediction will go, settled when it is accepted.
 *
 * @param runMs how long it runs once it has a place; {@link #FOREVER} when it never ends
 * @param code the task code, 0 when fine
 * @param error empty when fine
 */
public record Course(long runMs, Status end, int code, String error) {
    public static final long FOREVER = -1;

    public Course {
        if (!end.isTerminal()) {
            throw new IllegalArgumentException("a prediction cannot end " + end.text());
        }
    }

    public static Course completes(long runMs) {
        return new Course(runMs, Status.COMPLETED, 0, "");
    }
}
