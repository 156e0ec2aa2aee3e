package io.wavequeue.local;

/** Why the stack cannot start, in one sentence for the person at the terminal. */
final class CannotStartException extends Exception {
    private static final long serialVersionUID = 1L;

    CannotStartException(String sentence) {
        super(sentence);
    }
}
