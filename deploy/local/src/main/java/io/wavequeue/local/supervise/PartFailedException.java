package io.wavequeue.local.supervise;

/** A part could not be started; the message is meant for a person and holds the last lines of the part's log. */
public final class PartFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    public PartFailedException(String message) {
        super(message);
    }

    public PartFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
