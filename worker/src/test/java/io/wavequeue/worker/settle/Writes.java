package io.wavequeue.worker.settle;

import io.wavequeue.job.Transition;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** The real writing of one transition, and the real retries, for simulations. */
public final class Writes {
    private final Writing writing;

    public Writes(Transition transition) {
        this.writing = new Writing(List.of(transition));
    }

    public static RetryDecider retries(RandomGenerator random, Duration first, Duration deadline) {
        return new RetryDecider(random, first, deadline);
    }

    /** True when it was applied, by this try or an earlier one. */
    public boolean write(Function<List<Transition>, Set<UUID>> apply, Function<List<Transition>, Set<UUID>> readBack) {
        return !writing.write(new Writing.Rows() {
                    @Override
                    public Set<UUID> apply(List<Transition> transitions) {
                        return apply.apply(transitions);
                    }

                    @Override
                    public Set<UUID> readBack(List<Transition> transitions) {
                        return readBack.apply(transitions);
                    }
                })
                .isEmpty();
    }
}
