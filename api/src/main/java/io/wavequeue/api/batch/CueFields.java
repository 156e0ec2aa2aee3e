package io.wavequeue.api.batch;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.admission.RequestForm;
import io.wavequeue.admission.Shown;
import io.wavequeue.catalogue.FieldError;
import io.wavequeue.job.NewTake;
import io.wavequeue.library.NameTemplate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a line says beside its request: how many takes, how their files are named, and whether archived work may serve.
 *
 * @param takes 1 where the line says nothing
 * @param isSeeded whether the line says how many takes it wants: then their seeds are recorded
 * @param template null = the line names none
 * @param errors what is wrong with them
 */
record CueFields(int takes, boolean isSeeded, @Nullable NameTemplate template, boolean reuse, List<FieldError> errors) {

    CueFields {
        errors = List.copyOf(errors);
    }

    /** @param library null = the file is for none */
    static CueFields of(JsonNode request, @Nullable String library) {
        List<FieldError> errors = new ArrayList<>();
        @Nullable Integer takes = takes(given(request, RequestForm.TAKES), errors);
        @Nullable NameTemplate template = template(given(request, RequestForm.OUTPUT), library, errors);
        boolean reuse = reuse(given(request, RequestForm.REUSE), errors);
        return new CueFields(takes == null ? 1 : takes, takes != null, template, reuse, errors);
    }

    private static @Nullable Integer takes(@Nullable JsonNode value, List<FieldError> errors) {
        if (value == null) {
            return null;
        }
        if (value.isInt() && value.intValue() >= 1 && value.intValue() <= NewTake.MOST) {
            return value.intValue();
        }
        errors.add(new FieldError(
                RequestForm.TAKES,
                "%s is not allowed; it must be an integer from 1 to %d".formatted(Shown.value(value), NewTake.MOST)));
        return null;
    }

    private static @Nullable NameTemplate template(
            @Nullable JsonNode value, @Nullable String library, List<FieldError> errors) {
        if (value == null) {
            return null;
        }
        if (library == null) {
            errors.add(new FieldError(RequestForm.OUTPUT, "needs a library; give the batch a name"));
            return null;
        }
        if (!value.isTextual()) {
            errors.add(new FieldError(RequestForm.OUTPUT, Shown.value(value) + " is not allowed; it must be a text"));
            return null;
        }
        return switch (NameTemplate.parse(value.textValue())) {
            case NameTemplate.Parsed.Good(NameTemplate template) -> template;
            case NameTemplate.Parsed.Bad(String problem) -> {
                errors.add(new FieldError(RequestForm.OUTPUT, Shown.value(value) + " " + problem));
                yield null;
            }
        };
    }

    private static boolean reuse(@Nullable JsonNode value, List<FieldError> errors) {
        if (value == null) {
            return true;
        }
        if (!value.isBoolean()) {
            errors.add(new FieldError(
                    RequestForm.REUSE, Shown.value(value) + " is not allowed; it must be true or false"));
        }
        return value.asBoolean(true);
    }

    private static @Nullable JsonNode given(JsonNode request, String field) {
        JsonNode value = request.get(field);
        return value == null || value.isNull() ? null : value;
    }
}
