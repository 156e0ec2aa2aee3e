package io.wavequeue.cli.client;

/** A call that cannot go on. The kinds are few, since each has an exit code that scripts rely on. */
public abstract sealed class ApiException extends RuntimeException
        permits ApiUnreachableException, ApiRefusedException, ApiUnreadableException {

    private static final long serialVersionUID = 1L;

    ApiException(String message) {
        super(message);
    }

    ApiException(String message, Throwable cause) {
        super(message, cause);
    }
}
