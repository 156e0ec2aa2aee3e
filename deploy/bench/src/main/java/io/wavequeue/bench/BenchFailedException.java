package io.wavequeue.bench;

/** A run whose result is not what it should be, so that its numbers mean nothing. */
final class BenchFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BenchFailedException(String sentence) {
        super(sentence);
    }
}
