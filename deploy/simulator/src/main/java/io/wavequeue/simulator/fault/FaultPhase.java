package io.wavequeue.simulator.fault;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

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
    DOWNLOAD,
    /** When a prediction is accepted: how it is listed. */
    HISTORY,
    /** When a prediction is accepted: what is charged. */
    CHARGE,
    /** When a prediction is accepted: when its money comes back, should it fail. */
    REFUND,
    /** When a prediction has ended: how that is told. */
    WEBHOOK;

    /** The phases' names as a sentence lists them. */
    static String list() {
        return Arrays.stream(values()).map(FaultPhase::text).collect(Collectors.joining(", "));
    }

    boolean takes(FaultAction action) {
        return switch (this) {
            case BEFORE_ACCEPT, AFTER_ACCEPT, POLL, DOWNLOAD -> action instanceof FaultAction.OfAnswer;
            case PREDICTION -> action instanceof FaultAction.OfCourse;
            case HISTORY, REFUND -> action instanceof FaultAction.Omit || action instanceof FaultAction.Pass;
            case CHARGE -> action instanceof FaultAction.Twice || action instanceof FaultAction.Price;
            case WEBHOOK -> action instanceof FaultAction.OfRecord && !(action instanceof FaultAction.Price);
        };
    }

    /** Whether it strikes an answer, which can be held back. */
    boolean isOfAnswer() {
        return switch (this) {
            case BEFORE_ACCEPT, AFTER_ACCEPT, POLL, DOWNLOAD -> true;
            case PREDICTION, HISTORY, CHARGE, REFUND, WEBHOOK -> false;
        };
    }

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
