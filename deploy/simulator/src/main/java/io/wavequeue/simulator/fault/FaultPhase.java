package io.wavequeue.simulator.fault;

import java.util.Locale;

/** The moments at which a fault can strike. */
public enum FaultPhase {
    /** Instead of handling a call: nothing is accepted, nothing charged. */
    BEFORE_ACCEPT,
    /** After handling it: accepted and charged, but the answer is spoilt. */
    AFTER_ACCEPT,
    /** When a prediction is accepted: how it will end. */
    PREDICTION,
    /** When a result is asked for. */
    POLL,
    /** When an output or an upload is downloaded. */
    DOWNLOAD;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
