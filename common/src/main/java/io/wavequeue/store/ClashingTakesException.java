package io.wavequeue.store;

import java.util.List;

/** Nothing was written: lines of a file clash with each other. */
public final class ClashingTakesException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<TakeFault> faults;

    ClashingTakesException(List<TakeFault> faults) {
        super(faults.size() + " takes clash", null, false, false);
        this.faults = List.copyOf(faults);
    }

    public List<TakeFault> faults() {
        return faults;
    }
}
