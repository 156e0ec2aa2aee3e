package io.wavequeue.store;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.catalogue.FieldError;
import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Checks and prices what jobs that are to be replayed ask for, as of now. */
public interface ReplayInputs {
    /**
     * What a job asks for.
     *
     * @param input JSON text
     * @param contentKey of the take that it was made for; null = of none
     * @param take number of that take; null = it is not known any more
     */
    record Asked(
            UUID jobId,
            String model,
            String input,
            @Nullable String contentKey,
            @Nullable Integer take) {}

    /** What the catalogue says of it. */
    sealed interface Checked {
        /**
         * It may go.
         *
         * @param input the changed one, JSON text; null = as before
         * @param contentKey of the changed input; null = none is known
         * @param estimatedUsd null = unknown
         * @param reserveUsd null = unknown
         */
        record Valid(
                @Nullable String input,
                @Nullable String contentKey,
                @Nullable BigDecimal estimatedUsd,
                @Nullable BigDecimal reserveUsd)
                implements Checked {}

        /** Everything that is wrong with it. */
        record Invalid(List<FieldError> errors) implements Checked {
            public Invalid {
                errors = List.copyOf(errors);
            }
        }
    }

    /**
     * One answer per job, in their order.
     *
     * @param overrides JSON merge patch of every input; null = none
     * @param clips over the caller's connection; called once at most
     */
    <E extends Exception> List<Checked> check(
            List<Asked> jobs, @Nullable JsonNode overrides, MediaStore.Lookup<E> clips) throws E;
}
