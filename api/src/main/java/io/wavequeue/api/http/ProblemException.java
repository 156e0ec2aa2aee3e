package io.wavequeue.api.http;

import io.wavequeue.admission.JsonRead;
import io.wavequeue.catalogue.FieldError;
import io.wavequeue.job.SkipReason;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Ends a call with a problem. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;
    private final transient Map<String, String> headers = new LinkedHashMap<>();

    public ProblemException(ProblemKind kind, String detail) {
        this(Problem.of(kind, detail));
    }

    private ProblemException(Problem problem) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
    }

    /** Everything that is wrong with the fields of a body, or with query parameters. */
    public static ProblemException listing(ProblemKind kind, List<FieldError> errors) {
        String detail = errors.size() == 1
                ? errors.getFirst().text().replaceFirst("^: ", "")
                : errors.size() + " things are wrong; errors lists them";
        return new ProblemException(
                Problem.of(kind, detail, errors.stream().map(Problem.Item::of).toList()));
    }

    /**
     * A job that has to stay as it is.
     *
     * @param evidence what is known against it in particular; null = nothing
     */
    public static ProblemException skipped(ProblemKind kind, SkipReason reason, @Nullable String evidence) {
        return new ProblemException(
                Problem.of(kind, reason.code() + ": " + reason.text(evidence)).because(reason));
    }

    /** What is wrong with the lines of a file. */
    public static ProblemException listing(ProblemKind kind, String detail, List<Problem.Item> errors) {
        return new ProblemException(Problem.of(kind, detail, errors));
    }

    /** A body that is not JSON. */
    public static ProblemException malformed(JsonRead.Malformed found) {
        Problem.Item place = new Problem.Item(found.line(), "", found.reason() + " (column " + found.column() + ")");
        return new ProblemException(Problem.of(ProblemKind.MALFORMED_JSON, found.text(), List.of(place)));
    }

    /** Tells when to ask again. */
    public ProblemException retryAfter(Duration delay) {
        headers.put("Retry-After", Long.toString(Math.max(1, delay.toSeconds())));
        return this;
    }

    Problem problem() {
        return problem;
    }

    Map<String, String> headers() {
        return headers;
    }
}
