package io.wavequeue.cli.client;

import java.time.Duration;

/** The API answered with something else than 2xx. */
public final class ApiRefusedException extends ApiException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient Problem problem;
    private final Duration retryAfter;

    ApiRefusedException(int status, Problem problem) {
        this(status, problem, Duration.ZERO);
    }

    /** @param retryAfter how long it wants to be left alone; zero = it does not say */
    ApiRefusedException(int status, Problem problem, Duration retryAfter) {
        super(problem.title() + " (HTTP " + status + ")");
        this.retryAfter = retryAfter;
        this.status = status;
        this.problem = problem;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** How long the API wants to be left alone; zero = it does not say. */
    Duration retryAfter() {
        return retryAfter;
    }

    /** What the API says is wrong. */
    public Problem problem() {
        return problem;
    }
}
