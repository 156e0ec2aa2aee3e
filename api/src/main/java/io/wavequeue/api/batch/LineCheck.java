package io.wavequeue.api.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.admission.Admission;
import io.wavequeue.admission.Admission.Candidate;
import io.wavequeue.admission.AdmissionResult;
import io.wavequeue.admission.RequestForm;
import io.wavequeue.catalogue.FieldError;
import io.wavequeue.job.JobIds;
import io.wavequeue.job.NewBatch;
import io.wavequeue.job.NewJob;
import io.wavequeue.quote.PriceQuestions;
import io.wavequeue.store.JobSpool;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Admits a file's requests some hundreds at a time, and puts what may be enqueued on the spool. */
final class LineCheck implements Manifest.Lines {
    private static final int CHUNK = 500;
    private static final int CHUNK_CHARS = 2 * LineBound.MOST_CHARS;

    /** Lines times takes. */
    private static final int MOST_JOBS = 1_000_000;

    private final Admission admission;
    private final RequestForm form;
    private final JobIds ids;
    private final JobSpool spool;
    private final @Nullable String library;
    private final Cues cues;
    private final @Nullable PriceQuestions questions;
    private final LineErrors errors = new LineErrors();

    private final List<Manifest.Place> places = new ArrayList<>();
    private final List<Candidate> candidates = new ArrayList<>();
    private long chars;

    private int items;
    private int jobs;
    private int unknownPrice;
    private BigDecimal estimatedUsd = BigDecimal.ZERO;

    /**
     * @param asked whose library and mode decide what lines mean
     * @param questions gathers what is to be asked of the provider; null = nothing is
     */
    LineCheck(
            Admission admission,
            BatchRequest asked,
            UUID batch,
            JobIds ids,
            JobSpool spool,
            @Nullable PriceQuestions questions) {
        this.admission = admission;
        this.form = RequestForm.line(asked.lane(), batch);
        this.ids = ids;
        this.spool = spool;
        this.library = asked.name();
        this.questions = questions;
        this.cues = new Cues(ids, asked.name(), asked.isCompared());
    }

    @Override
    public void request(Manifest.Place place, JsonNode request, long size) throws IOException {
        places.add(place);
        candidates.add(new Candidate(ids.next(), request));
        chars += size;
        if (places.size() == CHUNK || chars > CHUNK_CHARS) {
            admit();
        }
    }

    @Override
    public void bad(int line, String field, String message) throws IOException {
        admit();
        errors.add(line, field, message);
    }

    /**
     * Ends the file.
     *
     * @return how many requests it had, at least 1
     * @throws io.wavequeue.api.http.ProblemException when anything is wrong with the file
     */
    int end() throws IOException {
        admit();
        if (items == 0 && errors.isEmpty()) {
            errors.add(1, "", "the file holds no job");
        }
        if (!errors.isEmpty()) {
            throw errors.problem();
        }
        return items;
    }

    /** The batch of all that the file asks for. */
    NewBatch batch(UUID id, BatchRequest asked) {
        @Nullable BigDecimal known = unknownPrice == jobs ? null : estimatedUsd;
        return new NewBatch(id, asked.name(), asked.lane(), jobs, known, unknownPrice, asked.budgetUsd());
    }

    /** Jobs whose price nobody knows. */
    int unknownPrice() {
        return unknownPrice;
    }

    private void admit() throws IOException {
        List<AdmissionResult> results = admission.admit(candidates, form);
        for (int i = 0; i < results.size(); i++) {
            Manifest.Place place = places.get(i);
            CueFields cue = CueFields.of(candidates.get(i).request(), library);
            List<FieldError> faults = new ArrayList<>(cue.errors());
            switch (results.get(i)) {
                case AdmissionResult.Admitted(NewJob job, ObjectNode effective) -> {
                    for (Cues.Rendering one : cues.renderings(items, place.line(), job, effective, cue, faults)) {
                        add(one);
                    }
                }
                case AdmissionResult.Refused(List<FieldError> refused) -> faults.addAll(0, refused);
            }
            refuse(place, faults);
            if (jobs > MOST_JOBS && errors.isEmpty()) {
                errors.add(
                        place.line(), "", "with this line the file asks for more than %,d jobs".formatted(MOST_JOBS));
            }
            items++;
        }
        places.clear();
        candidates.clear();
        chars = 0;
    }

    private void add(Cues.Rendering one) throws IOException {
        jobs++;
        BigDecimal price = one.job().estimatedUsd();
        if (price == null) {
            unknownPrice++;
        } else {
            estimatedUsd = estimatedUsd.add(price);
        }
        if (errors.isEmpty()) {
            spool.add(one.job(), one.take());
            if (questions != null) {
                questions.add(one.job().model(), one.job().input(), price);
            }
        }
    }

    private void refuse(Manifest.Place place, List<FieldError> faults) {
        for (FieldError fault : faults) {
            errors.add(place.line(), place.naming().apply(fault.field()), fault.message());
        }
    }
}
