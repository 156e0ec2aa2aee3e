package io.wavequeue.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.catalogue.AudioSource;
import io.wavequeue.catalogue.Catalogue;
import io.wavequeue.catalogue.FieldError;
import io.wavequeue.catalogue.InputCheck;
import io.wavequeue.catalogue.Model;
import io.wavequeue.catalogue.Price;
import io.wavequeue.job.Lane;
import io.wavequeue.job.NewJob;
import io.wavequeue.job.NewJob.Tag;
import io.wavequeue.store.MediaStore;
import io.wavequeue.store.MediaStore.Media;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Checks a request against the catalogue and prices it.
 *
 * <p>Called by the API for bodies and by the worker for records of other services. Reads the media table, where the
 * input names a clip that was given to us before; so it may throw {@code DatabaseAwayException}, and nothing else.
 */
@ApplicationScoped
public class Admission {
    private final Catalogue catalogue;
    private final Function<String, Optional<Media>> mediaBySha256;

    @Inject
    Admission(Catalogue catalogue, MediaStore media) {
        this(catalogue, sha256 -> media.find(sha256, Duration.ZERO));
    }

    Admission(Catalogue catalogue, Function<String, Optional<Media>> mediaBySha256) {
        this.catalogue = catalogue;
        this.mediaBySha256 = mediaBySha256;
    }

    /**
     * Admits the request under the id, or lists all that is wrong with it.
     *
     * @param request what {@link StrictJson} read
     */
    public AdmissionResult admit(UUID id, JsonNode request, RequestForm form) {
        if (!request.isObject()) {
            return refused(new FieldError("", Shown.value(request) + " is not allowed; it must be an object"));
        }
        List<FieldError> errors = new ArrayList<>();
        RequestFields fields = new RequestFields(request, errors);
        fields.refuseUnknown(form.fields());
        @Nullable Priced priced = priced(request, errors);
        @Nullable String reference = fields.reference();
        Lane lane = fields.lane(form.usualLane());
        String labels = fields.labels();
        int maxAttempts = fields.maxAttempts();
        Tag tag = new Tag(reference, form.fields().contains(RequestForm.BATCH_ID) ? fields.batchId() : null);
        if (!errors.isEmpty() || priced == null) {
            return new AdmissionResult.Refused(errors);
        }
        Price price = priced.price();
        String input = StrictJson.write(request.path(RequestForm.INPUT));
        return new AdmissionResult.Admitted(new NewJob(
                id,
                priced.model().id(),
                lane,
                input,
                labels,
                tag,
                maxAttempts,
                price.estimatedUsd(),
                price.reservedUsd()));
    }

    private static AdmissionResult refused(FieldError error) {
        return new AdmissionResult.Refused(List.of(error));
    }

    private record Priced(Model model, Price price) {}

    /** Null when an error was added. */
    private @Nullable Priced priced(JsonNode request, List<FieldError> errors) {
        Optional<Model> model = model(request.get(RequestForm.MODEL), errors);
        JsonNode input = request.get(RequestForm.INPUT);
        if (input == null) {
            errors.add(new FieldError(RequestForm.INPUT, "is required: an object with the model's fields"));
        } else if (!input.isObject()) {
            errors.add(new FieldError(
                    RequestForm.INPUT,
                    Shown.value(input) + " is not allowed; it must be an object with the model's fields"));
        } else if (model.isPresent()) {
            return priced(model.get(), input, errors);
        }
        return null;
    }

    private Optional<Model> model(@Nullable JsonNode id, List<FieldError> errors) {
        if (id == null || !id.isTextual()) {
            String given = id == null ? "is required" : Shown.value(id) + " is not allowed";
            errors.add(new FieldError(RequestForm.MODEL, given + ": the id of a model; GET /v1/models lists them"));
            return Optional.empty();
        }
        Optional<Model> model = catalogue.find(id.textValue());
        if (model.isEmpty()) {
            String hint = catalogue
                    .nearest(id.textValue())
                    .map(nearest -> "did you mean \"" + nearest + "\"?")
                    .orElse("GET /v1/models lists them");
            errors.add(new FieldError(RequestForm.MODEL, "unknown model " + Shown.value(id) + "; " + hint));
        }
        return model;
    }

    private @Nullable Priced priced(Model model, JsonNode input, List<FieldError> errors) {
        InputCheck check = catalogue.check(model, input);
        List<FieldError> found = new ArrayList<>();
        if (check instanceof InputCheck.Invalid(List<FieldError> invalid)) {
            invalid.stream().map(Admission::underInput).forEach(found::add);
        }
        @Nullable BigDecimal sourceSeconds = sourceSeconds(model, input, found);
        errors.addAll(found);
        return switch (check) {
            case InputCheck.Valid(ObjectNode effective)
            when found.isEmpty() -> new Priced(model, catalogue.price(model, effective, sourceSeconds));
            case InputCheck.Valid valid -> null;
            case InputCheck.Invalid invalid -> null;
        };
    }

    /** The length of the first clip whose length we know; adds an error for each clip that was never given to us. */
    private @Nullable BigDecimal sourceSeconds(Model model, JsonNode input, List<FieldError> errors) {
        @Nullable BigDecimal seconds = null;
        for (String field : model.mediaFields()) {
            JsonNode value = input.path(field);
            Optional<String> sha256 = value.isTextual() ? AudioSource.mediaSha256(value.textValue()) : Optional.empty();
            if (sha256.isEmpty()) {
                continue;
            }
            Optional<Media> clip = mediaBySha256.apply(sha256.get());
            if (clip.isEmpty()) {
                errors.add(new FieldError(
                        RequestForm.INPUT + "." + field,
                        "\"media:sha256:" + sha256.get()
                                + "\" is not known here; upload the clip with POST /v1/media first"));
            } else if (seconds == null) {
                seconds = clip.get().durationSeconds();
            }
        }
        return seconds;
    }

    private static FieldError underInput(FieldError error) {
        return error.field().equals(RequestForm.INPUT)
                ? error
                : new FieldError(RequestForm.INPUT + "." + error.field(), error.message());
    }
}
