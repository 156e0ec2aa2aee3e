package io.wavequeue.api.batch;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.admission.Admission;
import io.wavequeue.admission.Admission.Candidate;
import io.wavequeue.admission.AdmissionResult;
import io.wavequeue.admission.RequestForm;
import io.wavequeue.catalogue.FieldError;
import io.wavequeue.job.JobIds;
import io.wavequeue.job.NewBatch;
import io.wavequeue.job.NewJob;
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

    private final Admission admission;
    private final RequestForm form;
    private final JobIds ids;
    private final JobSpool spool;
    private final LineErrors errors = new LineErrors();

    private final List<Manifest.Place> places = new ArrayList<>();
    private final List<Candidate> candidates = new ArrayList<>();
    private long chars;

    private int jobs;
    private int unknownPrice;
    private BigDecimal estimatedUsd = BigDecimal.ZERO;

    LineCheck(Admission admission, RequestForm form, JobIds ids, JobSpool spool) {
        this.admission = admission;
        this.form = form;
        this.ids = ids;
        this.spool = spool;
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
     * The batch, when the file has ended.
     *
     * @param name of the batch
     * @throws io.wavequeue.api.http.ProblemException when anything is wrong with the file
     */
    NewBatch batch(UUID id, BatchRequest asked) throws IOException {
        admit();
        if (jobs == 0 && errors.isEmpty()) {
            errors.add(1, "", "the file holds no job");
        }
        if (!errors.isEmpty()) {
            throw errors.problem();
        }
        @Nullable BigDecimal known = unknownPrice == jobs ? null : estimatedUsd;
        return new NewBatch(id, asked.name(), asked.lane(), jobs, known, unknownPrice, asked.budgetUsd());
    }

    private void admit() throws IOException {
        List<AdmissionResult> results = admission.admit(candidates, form);
        for (int i = 0; i < results.size(); i++) {
            switch (results.get(i)) {
                case AdmissionResult.Admitted(NewJob job) -> add(job);
                case AdmissionResult.Refused(List<FieldError> faults) -> refuse(places.get(i), faults);
            }
        }
        places.clear();
        candidates.clear();
        chars = 0;
    }

    private void add(NewJob job) throws IOException {
        jobs++;
        BigDecimal price = job.estimatedUsd();
        if (price == null) {
            unknownPrice++;
        } else {
            estimatedUsd = estimatedUsd.add(price);
        }
        if (errors.isEmpty()) {
            spool.add(job);
        }
    }

    private void refuse(Manifest.Place place, List<FieldError> faults) {
        for (FieldError fault : faults) {
            errors.add(place.line(), place.naming().apply(fault.field()), fault.message());
        }
    }
}
