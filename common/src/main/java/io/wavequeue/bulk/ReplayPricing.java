package io.wavequeue.bulk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.admission.Admission;
import io.wavequeue.admission.Admission.Candidate;
import io.wavequeue.admission.AdmissionResult;
import io.wavequeue.admission.CanonicalJson;
import io.wavequeue.admission.JsonRead;
import io.wavequeue.admission.MergePatch;
import io.wavequeue.admission.RequestForm;
import io.wavequeue.admission.StrictJson;
import io.wavequeue.catalogue.Catalogue;
import io.wavequeue.catalogue.FieldError;
import io.wavequeue.catalogue.Model;
import io.wavequeue.job.NewJob;
import io.wavequeue.library.CorrectedKey;
import io.wavequeue.store.MediaStore.Lookup;
import io.wavequeue.store.ReplayInputs;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks the admission, as for a new request, what jobs that are to be replayed may ask for and what that costs now. */
@ApplicationScoped
class ReplayPricing implements ReplayInputs {
    private final Admission admission;
    private final Catalogue catalogue;

    ReplayPricing(Admission admission, Catalogue catalogue) {
        this.admission = admission;
        this.catalogue = catalogue;
    }

    @Override
    public <E extends Exception> List<Checked> check(List<Asked> jobs, @Nullable JsonNode overrides, Lookup<E> clips)
            throws E {
        List<JsonRead> before = jobs.stream().map(job -> read(job.input())).toList();
        List<Candidate> candidates = new ArrayList<>(jobs.size());
        for (int i = 0; i < jobs.size(); i++) {
            candidates.add(candidate(jobs.get(i), patched(jobs.get(i), before.get(i), overrides)));
        }
        List<AdmissionResult> results = admission.admit(candidates, RequestForm.BODY, clips);
        List<Checked> checks = new ArrayList<>(jobs.size());
        for (int i = 0; i < jobs.size(); i++) {
            checks.add(checked(jobs.get(i), before.get(i), candidates.get(i), results.get(i)));
        }
        return checks;
    }

    private Checked checked(Asked job, JsonRead before, Candidate candidate, AdmissionResult result) {
        return switch (result) {
            case AdmissionResult.Refused refused -> new Checked.Invalid(refused.errors());
            case AdmissionResult.Admitted admitted ->
                switch (before) {
                    case JsonRead.Value(JsonNode value) ->
                        valid(job, value, candidate.request().path(RequestForm.INPUT), admitted);
                    case JsonRead.Malformed malformed ->
                        new Checked.Invalid(List.of(new FieldError(RequestForm.INPUT, malformed.reason())));
                };
        };
    }

    /** An input that cannot be read stays missing, which no model takes. */
    private JsonNode patched(Asked job, JsonRead input, @Nullable JsonNode overrides) {
        return switch (input) {
            case JsonRead.Value(JsonNode value) ->
                overrides == null ? value : misnamed(job, value, overrides, MergePatch.apply(value, overrides));
            case JsonRead.Malformed malformed -> MissingNode.getInstance();
        };
    }

    /** What is to be removed and was never there is refused like a field that is to be set, when the model has none of that name. */
    private JsonNode misnamed(Asked job, JsonNode before, JsonNode overrides, JsonNode patched) {
        catalogue.find(job.model()).ifPresent(model -> overrides.properties().stream()
                .filter(field -> field.getValue().isNull())
                .map(Map.Entry::getKey)
                .filter(name -> !before.has(name) && !model.hasField(name))
                .forEach(name -> ((ObjectNode) patched).putNull(name)));
        return patched;
    }

    private Checked valid(Asked job, JsonNode before, JsonNode after, AdmissionResult.Admitted admitted) {
        NewJob asked = admitted.job();
        if (CanonicalJson.sha256(before).equals(CanonicalJson.sha256(after))) {
            return new Checked.Valid(null, job.contentKey(), asked.estimatedUsd(), asked.reserveUsd());
        }
        return new Checked.Valid(
                asked.input(), correctedKey(job, before, admitted), asked.estimatedUsd(), asked.reserveUsd());
    }

    /**
     * So that a manifest that is corrected likewise finds the result, and buys no other. The former input was let in once;
     * whether it would be today is nobody's question: often it is corrected because it would not.
     */
    private @Nullable String correctedKey(Asked job, JsonNode before, AdmissionResult.Admitted admitted) {
        String key = job.contentKey();
        Integer take = job.take();
        Optional<Model> model = catalogue.find(job.model());
        if (key == null || take == null || model.isEmpty() || !(before instanceof ObjectNode former)) {
            return null;
        }
        return CorrectedKey.of(key, job.model(), catalogue.effective(model.get(), former), admitted.effective(), take)
                .orElse(null);
    }

    private static Candidate candidate(Asked job, JsonNode input) {
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        request.put(RequestForm.MODEL, job.model());
        if (!input.isMissingNode()) {
            request.set(RequestForm.INPUT, input);
        }
        return new Candidate(job.jobId(), request);
    }

    private static JsonRead read(String input) {
        return StrictJson.read(input.getBytes(StandardCharsets.UTF_8));
    }
}
