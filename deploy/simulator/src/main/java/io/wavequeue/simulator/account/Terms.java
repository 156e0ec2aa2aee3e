package io.wavequeue.simulator.account;

/**
 * How a prediction shows up in history and bill, settled when it is accepted.
 *
 * @param listedAfterMs after its acceptance; {@link #NEVER} keeps it out of the history
 * @param refundAfterMs after it failed; {@link #NEVER}, or {@link #AS_SET} for the account's own delay
 * @param charges how often its price is charged
 */
public record Terms(long listedAfterMs, long refundAfterMs, int charges) {
    public static final long NEVER = -1;
    public static final long AS_SET = -2;
    public static final Terms NORMAL = new Terms(0, AS_SET, 1);

    boolean isListed(long acceptedAt, long now) {
        return listedAfterMs == 0 || (listedAfterMs != NEVER && acceptedAt + listedAfterMs * Micros.MILLISECOND <= now);
    }
}
