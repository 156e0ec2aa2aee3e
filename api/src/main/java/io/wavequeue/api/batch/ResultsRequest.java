package io.wavequeue.api.batch;

import io.wavequeue.api.http.QueryReader;
import io.wavequeue.catalogue.TextCheck;
import io.wavequeue.job.JobStatus;
import io.wavequeue.store.BatchTakes.NamedBatch;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which results of a batch are asked for, and in which form.
 *
 * @param onlyErrors leaves out all jobs but those that failed or are held
 * @param wwise where an import finds and puts things
 */
record ResultsRequest(ResultForm form, boolean onlyErrors, WwiseTarget wwise) {
    static final String FORMAT = "format";
    static final String ONLY = "only";
    static final String ROOT = "root";
    static final String PARENT = "parent";

    private static final String ERRORS = "errors";
    private static final int LONGEST_PATH = 1_000;
    private static final int LONGEST_SHOWN = 64;

    /** What must not stand in the name of a file that is to be kept on any system. */
    private static final Pattern NOT_PLAIN = Pattern.compile("[^A-Za-z0-9._-]+");

    static ResultsRequest of(UriInfo uri) {
        return new Reader(QueryReader.of(uri, FORMAT, ONLY, ROOT, PARENT)).request();
    }

    /** Where an import into Wwise finds and puts things, of a query that is for nothing else. */
    static WwiseTarget wwise(QueryReader query) {
        return new Reader(query).target(Optional.of(ResultForm.WWISE));
    }

    /** Which jobs; none = all. */
    Set<JobStatus> statuses() {
        if (onlyErrors) {
            return Set.of(JobStatus.FAILED, JobStatus.HELD);
        }
        return form == ResultForm.WWISE ? Set.of(JobStatus.SUCCEEDED) : Set.of();
    }

    /** The name under which a browser keeps the answer: the batch's, or its id. */
    String fileName(NamedBatch batch) {
        String name =
                batch.name() == null ? "" : NOT_PLAIN.matcher(batch.name()).replaceAll("_");
        boolean isTelling = name.chars().anyMatch(Character::isLetterOrDigit) && !name.startsWith(".");
        return (isTelling ? name : batch.id().toString()) + (onlyErrors ? "-" + ERRORS : "") + form.extension();
    }

    /** Reads the parameters, and notes what is wrong with them. */
    private record Reader(QueryReader query) {
        ResultsRequest request() {
            Optional<String> given = query.one(FORMAT);
            Optional<ResultForm> form = given.isEmpty() ? Optional.of(ResultForm.JSONL) : ResultForm.of(given.get());
            if (form.isEmpty()) {
                refuseUnknown(FORMAT, given.orElseThrow(), ResultForm.codes());
            }
            Optional<String> only = query.one(ONLY);
            only.filter(value -> !value.equals(ERRORS)).ifPresent(value -> refuseUnknown(ONLY, value, List.of(ERRORS)));
            if (only.isPresent() && form.equals(Optional.of(ResultForm.WWISE))) {
                query.refuse(ONLY, "is for jsonl and csv: what failed cannot be imported");
            }
            WwiseTarget wwise = target(form);
            query.finish();
            return new ResultsRequest(form.orElseThrow(), only.isPresent(), wwise);
        }

        WwiseTarget target(Optional<ResultForm> form) {
            WwiseTarget wwise = new WwiseTarget(path(ROOT, form, ""), path(PARENT, form, WwiseTarget.USUAL_PARENT));
            wwise.problem().ifPresent(problem -> query.refuse(PARENT, problem));
            return wwise;
        }

        private String path(String name, Optional<ResultForm> form, String usual) {
            Optional<String> given = query.one(name);
            if (given.isPresent() && form.isPresent() && form.get() != ResultForm.WWISE) {
                query.refuse(name, "is for format=" + ResultForm.WWISE.code());
            }
            given.flatMap(path -> TextCheck.lineProblem(path, LONGEST_PATH))
                    .ifPresent(problem -> query.refuse(name, problem));
            return given.orElse(usual);
        }

        private void refuseUnknown(String name, String given, List<String> known) {
            String shown = given.length() > LONGEST_SHOWN ? given.substring(0, LONGEST_SHOWN) + "…" : given;
            query.refuse(name, "\"" + shown + "\" is not known; use " + String.join(", ", known));
        }
    }
}
