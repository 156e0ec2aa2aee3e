package io.wavequeue.cli.client;

/** The API answered with something else than 2xx. */
public final class ApiRefusedException extends ApiException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient Problem problem;

    ApiRefusedException(int status, Problem problem) {
        super(problem.title() + " (HTTP " + status + ")");
        this.status = status;
        this.problem = problem;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** What the API says is wrong. */
    public Problem problem() {
        return problem;
    }
}
