package io.wavequeue.bulk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.admission.Admission;
import io.wavequeue.admission.Admission.Candidate;
import io.wavequeue.admission.AdmissionResult;
import io.wavequeue.admission.CanonicalJson;
import io.wavequeue.admission.JsonRead;
import io.wavequeue.admission.RequestForm;
import io.wavequeue.admission.StrictJson;
import io.wavequeue.job.NewJob;
import io.wavequeue.library.CorrectedKey;
import io.wavequeue.store.ReplayInputs;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Asks the admission, as for a new request, what jobs that are to be replayed may ask for and what that costs now. */
@ApplicationScoped
class ReplayPricing implements ReplayInputs {
    private final Admission admission;

    ReplayPricing(Admission admission) {
        this.admission = admission;
    }

    @Override
    public List<Checked> check(List<Asked> jobs, @Nullable JsonNode overrides) {
        List<JsonNode> before = jobs.stream().map(job -> read(job.input())).toList();
        List<JsonNode> after = before.stream()
                .map(input -> overrides == null ? input : MergePatch.apply(input, overrides))
                .toList();
        List<Candidate> candidates = new ArrayList<>(jobs.size());
        for (int i = 0; i < jobs.size(); i++) {
            candidates.add(candidate(jobs.get(i).jobId(), jobs.get(i).model(), after.get(i)));
        }
        List<AdmissionResult> results = admission.admit(candidates, RequestForm.BODY);
        List<Checked> checks = new ArrayList<>(jobs.size());
        for (int i = 0; i < jobs.size(); i++) {
            checks.add(
                    switch (results.get(i)) {
                        case AdmissionResult.Refused refused -> new Checked.Invalid(refused.errors());
                        case AdmissionResult.Admitted admitted ->
                            valid(jobs.get(i), before.get(i), after.get(i), admitted);
                    });
        }
        return checks;
    }

    private Checked valid(Asked job, JsonNode before, JsonNode after, AdmissionResult.Admitted admitted) {
        NewJob asked = admitted.job();
        if (CanonicalJson.sha256(before).equals(CanonicalJson.sha256(after))) {
            return new Checked.Valid(null, job.contentKey(), asked.estimatedUsd(), asked.reserveUsd());
        }
        return new Checked.Valid(
                asked.input(), correctedKey(job, before, admitted), asked.estimatedUsd(), asked.reserveUsd());
    }

    /** So that a manifest that is corrected likewise finds the result, and buys no other. */
    private @Nullable String correctedKey(Asked job, JsonNode before, AdmissionResult.Admitted admitted) {
        String key = job.contentKey();
        Integer take = job.take();
        if (key == null || take == null) {
            return null;
        }
        return switch (admission.admit(
                job.jobId(), candidate(job.jobId(), job.model(), before).request(), RequestForm.BODY)) {
            case AdmissionResult.Refused refused -> null;
            case AdmissionResult.Admitted old ->
                CorrectedKey.of(key, job.model(), old.effective(), admitted.effective(), take)
                        .orElse(null);
        };
    }

    private static Candidate candidate(UUID id, String model, JsonNode input) {
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        request.put(RequestForm.MODEL, model).set(RequestForm.INPUT, input);
        return new Candidate(id, request);
    }

    private static JsonNode read(String input) {
        return switch (StrictJson.read(input.getBytes(StandardCharsets.UTF_8))) {
            case JsonRead.Value(JsonNode value) -> value;
            case JsonRead.Malformed malformed ->
                throw new IllegalStateException("the input of a row is no JSON: " + malformed.reason());
        };
    }
}
