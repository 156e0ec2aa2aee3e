package io.wavequeue.catalogue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What came of checking an input against its model. */
public sealed interface InputCheck {
    /**
     * The input may be sent.
     *
     * @param effectiveInput a new object with the defaults filled in, the fields in the schema's order and numbers in
     *     one form (30.0 is 30), so that inputs which mean the same are equal. For keys and prices; never sent.
     */
    record Valid(ObjectNode effectiveInput) implements InputCheck {}

    /** The input must not be sent; all faults at once, the model's fields in their order first. */
    record Invalid(List<FieldError> errors) implements InputCheck {
        public Invalid {
            errors = List.copyOf(errors);
            if (errors.isEmpty()) {
                throw new IllegalArgumentException("an invalid input has at least one error");
            }
        }
    }
}
