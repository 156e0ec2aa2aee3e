package io.wavequeue.admission;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

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
import io.wavequeue.store.MediaStore.Lookup;
import io.wavequeue.store.MediaStore.Media;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Checks a request against the catalogue and prices it.
 *
 * <p>Called by the API for bodies, by the worker for records of other services, and for jobs that are to be replayed. Reads the
 * media table, where the input names a clip that was given to us before; so it may throw {@code DatabaseAwayException}, or what
 * the caller's own lookup throws, and nothing else.
 */
@ApplicationScoped
public class Admission {
    private final Catalogue catalogue;
    private final Lookup<RuntimeException> media;

    /** For the container; tests make their own. */
    @Inject
    public Admission(Catalogue catalogue, MediaStore media) {
        this(catalogue, sha256s -> media.find(sha256s, Duration.ZERO));
    }

    /** One that reads no table. */
    public Admission(Catalogue catalogue, Lookup<RuntimeException> media) {
        this.catalogue = catalogue;
        this.media = media;
    }

    /**
     * Something to admit.
     *
     * @param id of the job that it becomes
     * @param request what {@link StrictJson} read
     */
    public record Candidate(UUID id, JsonNode request) {}

    /** Admits the request under the id, or lists all that is wrong with it. */
    public AdmissionResult admit(UUID id, JsonNode request, RequestForm form) {
        return admit(List.of(new Candidate(id, request)), form).getFirst();
    }

    /** The same for many, whose clips are looked up all at once. One result per candidate, in their order. */
    public List<AdmissionResult> admit(List<Candidate> candidates, RequestForm form) {
        return admit(candidates, form, media);
    }

    /** The same within a transaction of the caller, whose connection the lookup uses. It is called once at most. */
    public <E extends Exception> List<AdmissionResult> admit(
            List<Candidate> candidates, RequestForm form, Lookup<E> media) throws E {
        Set<String> sha256s = candidates.stream()
                .map(Candidate::request)
                .flatMap(request -> catalogue
                        .find(request.path(RequestForm.MODEL).asText())
                        .stream()
                        .flatMap(model -> clips(model, request.path(RequestForm.INPUT))))
                .map(Clip::sha256)
                .collect(toSet());
        Map<String, Media> known = sha256s.isEmpty()
                ? Map.of()
                : media.find(sha256s).stream().collect(toMap(Media::sha256, Function.identity()));
        return candidates.stream()
                .map(candidate -> admit(candidate.id(), candidate.request(), form, known))
                .toList();
    }

    private AdmissionResult admit(UUID id, JsonNode request, RequestForm form, Map<String, Media> known) {
        if (!request.isObject()) {
            return refused(new FieldError("", Shown.value(request) + " is not allowed; it must be an object"));
        }
        List<FieldError> errors = new ArrayList<>();
        RequestFields fields = new RequestFields(request, errors);
        fields.refuseUnknown(form.fields());
        @Nullable Priced priced = priced(request, known, errors);
        @Nullable String reference = fields.reference();
        Lane lane = fields.lane(form.usualLane());
        String labels = fields.labels();
        int maxAttempts = fields.maxAttempts();
        Tag tag = new Tag(reference, batchId(form, fields));
        if (!errors.isEmpty() || priced == null) {
            return new AdmissionResult.Refused(errors);
        }
        Price price = priced.price();
        String input = StrictJson.write(request.path(RequestForm.INPUT));
        NewJob job = new NewJob(
                id,
                priced.model().id(),
                lane,
                input,
                labels,
                tag,
                maxAttempts,
                price.estimatedUsd(),
                price.reservedUsd());
        return new AdmissionResult.Admitted(job, priced.effective());
    }

    private static @Nullable UUID batchId(RequestForm form, RequestFields fields) {
        return form.fields().contains(RequestForm.BATCH_ID) ? fields.batchId() : form.batchId();
    }

    private static AdmissionResult refused(FieldError error) {
        return new AdmissionResult.Refused(List.of(error));
    }

    private record Priced(Model model, ObjectNode effective, Price price) {}

    /** Null when an error was added. */
    private @Nullable Priced priced(JsonNode request, Map<String, Media> known, List<FieldError> errors) {
        Optional<Model> model = model(request.get(RequestForm.MODEL), errors);
        JsonNode input = request.get(RequestForm.INPUT);
        if (input == null) {
            errors.add(new FieldError(RequestForm.INPUT, "is required: an object with the model's fields"));
        } else if (!input.isObject()) {
            errors.add(new FieldError(
                    RequestForm.INPUT,
                    Shown.value(input) + " is not allowed; it must be an object with the model's fields"));
        } else if (model.isPresent()) {
            return priced(model.get(), input, known, errors);
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

    private @Nullable Priced priced(Model model, JsonNode input, Map<String, Media> known, List<FieldError> errors) {
        InputCheck check = catalogue.check(model, input);
        List<FieldError> found = new ArrayList<>();
        if (check instanceof InputCheck.Invalid(List<FieldError> invalid)) {
            invalid.stream().map(Admission::underInput).forEach(found::add);
        }
        @Nullable BigDecimal sourceSeconds = sourceSeconds(model, input, known, found);
        errors.addAll(found);
        return switch (check) {
            case InputCheck.Valid(ObjectNode effective)
            when found.isEmpty() -> new Priced(model, effective, catalogue.price(model, effective, sourceSeconds));
            case InputCheck.Valid valid -> null;
            case InputCheck.Invalid invalid -> null;
        };
    }

    /** The length of the first clip whose length we know; adds an error for each clip that was never given to us. */
    private static @Nullable BigDecimal sourceSeconds(
            Model model, JsonNode input, Map<String, Media> known, List<FieldError> errors) {
        @Nullable BigDecimal seconds = null;
        for (Clip clip : clips(model, input).toList()) {
            Media media = known.get(clip.sha256());
            if (media == null) {
                errors.add(new FieldError(
                        RequestForm.INPUT + "." + clip.field(),
                        "\"media:sha256:" + clip.sha256()
                                + "\" is not known here; upload the clip with POST /v1/media first"));
            } else if (seconds == null) {
                seconds = media.durationSeconds();
            }
        }
        return seconds;
    }

    /** A clip that was given to us, as an input names it. */
    private record Clip(String field, String sha256) {}

    private static Stream<Clip> clips(Model model, JsonNode input) {
        return model.mediaFields().stream()
                .filter(field -> input.path(field).isTextual())
                .flatMap(field ->
                        AudioSource.mediaSha256(input.path(field).textValue())
                                .map(sha256 -> new Clip(field, sha256))
                                .stream());
    }

    private static FieldError underInput(FieldError error) {
        return error.field().equals(RequestForm.INPUT)
                ? error
                : new FieldError(RequestForm.INPUT + "." + error.field(), error.message());
    }
}
