package io.wavequeue.simulator.fault;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The rules in force. */
public final class FaultBook {
    private final List<Entry> entries = new ArrayList<>();
    private int lastId;

    /** A rule in force and what it did so far. */
    public record Standing(
            int id, FaultRule rule, long struck, @Nullable Integer left) {}

    /** Adds a rule behind the others and says its number. */
    public int add(FaultRule rule) {
        entries.add(new Entry(++lastId, rule));
        return lastId;
    }

    /** Forgets all. Numbers begin anew, since draws follow from them. */
    public void clear() {
        entries.clear();
        lastId = 0;
    }

    public List<Standing> standing() {
        return entries.stream()
                .map(entry -> new Standing(entry.id, entry.rule, entry.struck, entry.left))
                .toList();
    }

    /** The rule that strikes this call; it counts as struck. */
    public @Nullable FaultRule strike(FaultPhase phase, FaultCall call) {
        if (entries.isEmpty()) {
            return null;
        }
        for (Entry entry : entries) {
            if (entry.rule.phase() == phase && entry.strikes(call)) {
                return entry.rule;
            }
        }
        return null;
    }

    private static final class Entry {
        private final int id;
        private final FaultRule rule;
        private final Map<String, Integer> repeats = new HashMap<>();
        private @Nullable Integer left;
        private long struck;

        Entry(int id, FaultRule rule) {
            this.id = id;
            this.rule = rule;
            this.left = rule.frequency().times();
        }

        boolean strikes(FaultCall call) {
            if (!concerns(call)) {
                return false;
            }
            Integer repeat = repeats.get(call.subject());
            if (repeat != null) {
                struck++;
                if (repeat == 1) {
                    repeats.remove(call.subject());
                } else {
                    repeats.put(call.subject(), repeat - 1);
                }
                return true;
            }
            if ((left != null && left == 0) || !isDrawn(call)) {
                return false;
            }
            left = left == null ? null : left - 1;
            struck++;
            if (rule.frequency().repeat() > 1) {
                repeats.put(call.subject(), rule.frequency().repeat() - 1);
            }
            return true;
        }

        private boolean concerns(FaultCall call) {
            String model = rule.target().model();
            if (model != null && !model.equals(call.model())) {
                return false;
            }
            String contains = rule.target().contains();
            if (contains != null && !call.contains(contains)) {
                return false;
            }
            String endpoint = rule.target().endpoint();
            if (endpoint == null) {
                boolean ofSubmit = rule.phase() == FaultPhase.BEFORE_ACCEPT || rule.phase() == FaultPhase.AFTER_ACCEPT;
                return !ofSubmit || call.endpoint().equals("submit");
            }
            return endpoint.equals("any") || endpoint.equals(call.endpoint());
        }

        private boolean isDrawn(FaultCall call) {
            FaultRule.Frequency frequency = rule.frequency();
            if (frequency.first() && call.count() > 0) {
                return false;
            }
            if (frequency.rate() == 1) {
                return true;
            }
            long seed = call.draw() + 0x9E3779B97F4A7C15L * (31L * id + call.count() + 1);
            return new SplittableRandom(seed).nextDouble() < frequency.rate();
        }
    }
}
