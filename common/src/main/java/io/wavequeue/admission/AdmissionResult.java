package io.wavequeue.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.catalogue.FieldError;
import io.wavequeue.job.NewJob;
import java.util.List;

/** What came of a request. */
public sealed interface AdmissionResult {
    /**
     * It may become a row.
     *
     * @param effective the input with the model's defaults, for keys; never sent
     */
    record Admitted(NewJob job, ObjectNode effective) implements AdmissionResult {}

    /** It must not; everything that is wrong with it at once. */
    record Refused(List<FieldError> errors) implements AdmissionResult {
        public Refused {
            errors = List.copyOf(errors);
            if (errors.isEmpty()) {
                throw new IllegalArgumentException("a refusal has at least one error");
            }
        }
    }
}
