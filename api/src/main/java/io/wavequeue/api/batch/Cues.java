package io.wavequeue.api.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.admission.JsonRead;
import io.wavequeue.admission.RequestForm;
import io.wavequeue.admission.StrictJson;
import io.wavequeue.catalogue.FieldError;
import io.wavequeue.job.JobIds;
import io.wavequeue.job.NewJob;
import io.wavequeue.job.NewTake;
import io.wavequeue.job.NewTake.Names;
import io.wavequeue.library.ContentKey;
import io.wavequeue.library.NameTemplate;
import io.wavequeue.library.Seed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes of an admitted line the jobs of its takes, each with the take that it stands for. */
final class Cues {
    private final JobIds ids;
    private final @Nullable String library;
    private final boolean isCompared;

    /**
     * @param library null = the file is for none
     * @param isCompared whether it is compared with its library, which knows a cue by its reference
     */
    Cues(JobIds ids, @Nullable String library, boolean isCompared) {
        this.ids = ids;
        this.library = library;
        this.isCompared = isCompared;
    }

    /** A job and the take that it would make; null = of none. */
    record Rendering(NewJob job, @Nullable NewTake take) {}

    /** Whether takes are written down at all. */
    boolean hasTakes() {
        return library != null || isCompared;
    }

    /**
     * The takes of a line, or nothing where something is wrong.
     *
     * @param item number of the request in the file, from 0
     * @param effective the input with the model's defaults
     */
    List<Rendering> renderings(
            int item, int line, NewJob job, ObjectNode effective, CueFields cue, List<FieldError> errors) {
        if (isCompared && library != null && job.tag().reference() == null) {
            errors.add(new FieldError(RequestForm.REFERENCE, "is required: a library knows its cues by it"));
        }
        @Nullable Integer seed = seed(effective);
        if (seed != null && seed >= 0 && cue.takes() - 1 > Integer.MAX_VALUE - seed) {
            errors.add(new FieldError(
                    RequestForm.INPUT + "." + Seed.FIELD,
                    "%d and %d takes lead beyond the greatest seed, %d"
                            .formatted(seed, cue.takes(), Integer.MAX_VALUE)));
        }
        Map<String, String> labels = cue.template() == null ? Map.of() : labels(job.labels());
        List<Rendering> renderings = new ArrayList<>(cue.takes());
        for (int number = 1; number <= cue.takes() && errors.isEmpty(); number++) {
            String key = hasTakes() || cue.isSeeded() ? ContentKey.of(job.model(), effective, number) : "";
            NewJob own = job(number == 1 ? job.id() : ids.next(), job, input(job.input(), key, number, seed, cue));
            @Nullable Names names = names(cue.template(), own, number, labels, errors);
            boolean isFixed = seed != null && seed >= 0;
            renderings.add(new Rendering(
                    own, hasTakes() ? new NewTake(item, line, number, key, names, cue.reuse(), isFixed) : null));
        }
        return errors.isEmpty() ? renderings : List.of();
    }

    /** The seed that the line asks for, -1 for any; null = the model has none. */
    private static @Nullable Integer seed(ObjectNode effective) {
        JsonNode seed = effective.path(Seed.FIELD);
        return seed.isInt() ? seed.intValue() : null;
    }

    /** What is asked for is sent as it is, but for the seed that tells takes apart. */
    private static String input(String input, String key, int number, @Nullable Integer seed, CueFields cue) {
        if (seed == null || !cue.isSeeded() || (seed >= 0 && number == 1)) {
            return input;
        }
        return Seed.into(input, seed >= 0 ? seed + number - 1 : Seed.of(key, 0));
    }

    private @Nullable Names names(
            @Nullable NameTemplate template,
            NewJob job,
            int number,
            Map<String, String> labels,
            List<FieldError> errors) {
        if (template == null) {
            return null;
        }
        return switch (template.fill(job.tag().reference(), job.model(), number, labels)) {
            case NameTemplate.Filled.Good(Names names) -> names;
            case NameTemplate.Filled.Bad(String problem) -> {
                errors.add(new FieldError(RequestForm.OUTPUT, problem));
                yield null;
            }
        };
    }

    private static NewJob job(UUID id, NewJob job, String input) {
        return new NewJob(
                id,
                job.model(),
                job.lane(),
                input,
                job.labels(),
                job.tag(),
                job.maxAttempts(),
                job.estimatedUsd(),
                job.reserveUsd());
    }

    private static Map<String, String> labels(String json) {
        Map<String, String> labels = new HashMap<>();
        if (StrictJson.read(json.getBytes(StandardCharsets.UTF_8)) instanceof JsonRead.Value(JsonNode value)) {
            value.properties()
                    .forEach(
                            label -> labels.put(label.getKey(), label.getValue().asText()));
        }
        return labels;
    }
}
