package io.wavequeue.store;

import io.wavequeue.catalogue.FieldError;
import java.util.List;

/** A filter names jobs, a batch or a replay that are not there. */
public final class UnknownNamesException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<FieldError> errors;

    UnknownNamesException(List<FieldError> errors) {
        super(errors.toString());
        this.errors = List.copyOf(errors);
    }

    /** By the filter's fields, each field once. */
    public List<FieldError> errors() {
        return errors;
    }
}
