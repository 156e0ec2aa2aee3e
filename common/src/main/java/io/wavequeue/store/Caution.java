package io.wavequeue.store;

import java.util.Set;

/**
 * How carefully a worker claims: a model of which nobody has heard an answer lately may be away, so that no more than a
 * breaker's threshold are under way at first.
 *
 * @param proven models that answered this worker lately
 * @param atFirst submits under way at once, by all workers, of a model that is not proven
 */
public record Caution(Set<String> proven, int atFirst) {
    /** Every model counts as proven. */
    public static final Caution NONE = new Caution(Set.of(), Integer.MAX_VALUE);

    boolean isProven(String model) {
        return atFirst == Integer.MAX_VALUE || proven.contains(model);
    }
}
