package io.wavequeue.cli.manifest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** All that is wrong, found before anything is sent. The first 1,000 are kept, the others counted. */
public final class Faults {

    private static final int MOST = 1_000;

    private final List<Fault> first = new ArrayList<>();
    private int count;

    /** Adds one. */
    public synchronized void add(Fault fault) {
        if (first.size() < MOST) {
            first.add(fault);
        }
        count++;
    }

    /** Ends the call when there are any, the first line first. */
    public synchronized void check() {
        if (count > 0) {
            throw new FaultsException(
                    first.stream().sorted(Comparator.comparingLong(Fault::line)).toList(), count);
        }
    }
}
