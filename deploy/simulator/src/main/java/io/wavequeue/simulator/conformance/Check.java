package io.wavequeue.simulator.conformance;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * One thing to find out.
 *
 * @param question the open question that it answers, if any
 * @param paid whether it needs {@code --paid}: it submits, or looks at what was submitted
 * @param estimateUsd what it may cost at most by our price list; 0 for one that only looks
 */
record Check(String name, @Nullable Question question, boolean paid, BigDecimal estimateUsd, Body body) {

    /** How it is found out. A call that gets no answer ends it as failed. */
    @FunctionalInterface
    interface Body {
        Result run(Probe probe) throws NoAnswerException, InterruptedException;
    }

    static Check free(String name, Body body) {
        return new Check(name, null, false, BigDecimal.ZERO, body);
    }

    static Check free(String name, Question question, Body body) {
        return new Check(name, question, false, BigDecimal.ZERO, body);
    }

    static Check paid(String name, @Nullable Question question, BigDecimal estimateUsd, Body body) {
        return new Check(name, question, true, estimateUsd, body);
    }
}
