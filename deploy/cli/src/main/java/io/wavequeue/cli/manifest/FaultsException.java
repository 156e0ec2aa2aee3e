package io.wavequeue.cli.manifest;

import java.util.List;

/** A manifest, its side file or its clips have faults; nothing was enqueued. */
public final class FaultsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Fault> faults;
    private final long count;

    /** @param count how many there are; {@code faults} may be the first of them */
    public FaultsException(List<Fault> faults, long count) {
        super(count + " faults, the first: " + faults.getFirst());
        this.faults = List.copyOf(faults);
        this.count = count;
    }

    /** The first ones. */
    public List<Fault> faults() {
        return faults;
    }

    /** How many there are. */
    public long count() {
        return count;
    }
}
