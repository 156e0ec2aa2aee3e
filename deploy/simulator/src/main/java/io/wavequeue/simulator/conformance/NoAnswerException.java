package io.wavequeue.simulator.conformance;

/** A call went out, or could not, and nothing readable as HTTP came back. */
final class NoAnswerException extends Exception {
    private static final long serialVersionUID = 1;

    NoAnswerException(String message, Throwable cause) {
        super(message, cause);
    }

    /** What happened, in a few words. */
    String why() {
        return String.valueOf(getMessage());
    }
}
