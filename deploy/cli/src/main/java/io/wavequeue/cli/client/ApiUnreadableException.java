package io.wavequeue.cli.client;

/** A 2xx whose body is not what the contract promises: most likely another program listens there. */
public final class ApiUnreadableException extends ApiException {

    private static final long serialVersionUID = 1L;

    /** Says what was expected and not found. */
    public ApiUnreadableException(String message) {
        super(message);
    }
}
