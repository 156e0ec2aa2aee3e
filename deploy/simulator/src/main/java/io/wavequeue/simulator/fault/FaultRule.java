package io.wavequeue.simulator.fault;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One order for a fault.
 *
 * @param target what it applies to
 * @param frequency how often it strikes
 * @param delay how long the answer is held back (before acceptance, in that phase; before answering, in all others)
 * @param hold whether it is held back until it is released, however long that takes, instead
 */
public record FaultRule(
        FaultPhase phase, FaultAction action, Target target, Frequency frequency, Duration delay, boolean hold) {

    /**
     * What a rule applies to.
     *
     * @param model a model id; null for any
     * @param endpoint the name of an endpoint as {@code GET /admin/stats} has it, or {@code any}; null for the phase's own:
     *     {@code submit} before and after acceptance, any in other phases
     * @param contains text in the submit's body; null for any. Only submits and predictions have one
     */
    public record Target(
            @Nullable String model,
            @Nullable String endpoint,
            @Nullable String contains) {}

    /**
     * How often a rule strikes.
     *
     * @param times strikes left at most; null for no limit
     * @param rate the share of the matching calls that it strikes, above 0 and up to 1
     * @param repeat how many calls for the same prediction or file in a row one strike covers
     * @param first whether only the first call for a prediction or file can be struck
     */
    public record Frequency(@Nullable Integer times, double rate, int repeat, boolean first) {
        public Frequency {
            if (times != null && times < 1) {
                throw new IllegalArgumentException("field \"times\" must be at least 1, not " + times);
            }
            if (!(rate > 0 && rate <= 1)) {
                throw new IllegalArgumentException("field \"rate\" must be above 0 and at most 1, not " + rate);
            }
            if (repeat < 1) {
                throw new IllegalArgumentException("field \"repeat\" must be at least 1, not " + repeat);
            }
        }
    }

    public FaultRule {
        if (!phase.takes(action)) {
            String name = action.getClass().getSimpleName().toLowerCase(Locale.ROOT);
            throw new IllegalArgumentException(
                    "action \"" + name + "\" cannot be used in phase \"" + phase.text() + "\"");
        }
        if (delay.isNegative()) {
            throw new IllegalArgumentException("field \"delay_ms\" must be at least 0, not " + delay.toMillis());
        }
        if (hold && !phase.isOfAnswer()) {
            throw new IllegalArgumentException("field \"hold\" cannot be used in phase \"" + phase.text() + "\"");
        }
    }

    /** Strikes the next call in this phase, once. */
    public static FaultRule once(FaultPhase phase, FaultAction action) {
        return new FaultRule(
                phase, action, new Target(null, null, null), new Frequency(1, 1, 1, false), Duration.ZERO, false);
    }

    public FaultRule times(int times) {
        return with(new Frequency(times, frequency.rate(), frequency.repeat(), frequency.first()));
    }

    /** Strikes this share of all calls, without end. */
    public FaultRule rate(double rate) {
        return with(new Frequency(null, rate, frequency.repeat(), frequency.first()));
    }

    public FaultRule repeat(int calls) {
        return with(new Frequency(frequency.times(), frequency.rate(), calls, frequency.first()));
    }

    public FaultRule firstCallsOnly() {
        return with(new Frequency(frequency.times(), frequency.rate(), frequency.repeat(), true));
    }

    public FaultRule model(String model) {
        return with(new Target(model, target.endpoint(), target.contains()));
    }

    public FaultRule endpoint(String endpoint) {
        return with(new Target(target.model(), endpoint, target.contains()));
    }

    /** Strikes only submits whose body contains this text, and their predictions. */
    public FaultRule contains(String text) {
        return with(new Target(target.model(), target.endpoint(), text));
    }

    public FaultRule delay(Duration delay) {
        return new FaultRule(phase, action, target, frequency, delay, hold);
    }

    /** Holds what it strikes back until it is released. */
    public FaultRule untilReleased() {
        return new FaultRule(phase, action, target, frequency, delay, true);
    }

    private FaultRule with(Target changed) {
        return new FaultRule(phase, action, changed, frequency, delay, hold);
    }

    private FaultRule with(Frequency changed) {
        return new FaultRule(phase, action, target, changed, delay, hold);
    }
}
