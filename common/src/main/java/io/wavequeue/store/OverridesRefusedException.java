package io.wavequeue.store;

import io.wavequeue.catalogue.FieldError;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Inputs would not be what their models take, were they patched as asked for. Nothing was changed. */
public final class OverridesRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** More than anybody reads. */
    private static final int MOST = 1_000;

    private final transient List<Fault> faults;

    OverridesRefusedException(Collection<Fault> faults) {
        super(faults.size() + " faults");
        this.faults = List.copyOf(faults);
    }

    /** Each fault once, with the number of jobs that have it. */
    public List<Fault> faults() {
        return faults;
    }

    /** Those of both. */
    OverridesRefusedException and(@Nullable OverridesRefusedException before) {
        if (before == null) {
            return this;
        }
        Map<String, Fault> all = new LinkedHashMap<>();
        List<Fault> both = new ArrayList<>(before.faults);
        both.addAll(faults);
        for (Fault fault : both) {
            if (all.size() < MOST || all.containsKey(fault.key())) {
                all.merge(fault.key(), fault, Fault::with);
            }
        }
        return new OverridesRefusedException(all.values());
    }

    /** What is wrong with the inputs of so many jobs of a model, of which this is one. */
    public record Fault(String model, FieldError error, UUID exampleId, int jobs) {
        String key() {
            return String.join("\n", model, error.field(), error.message());
        }

        Fault with(Fault other) {
            return new Fault(model, error, exampleId, jobs + other.jobs);
        }
    }
}
