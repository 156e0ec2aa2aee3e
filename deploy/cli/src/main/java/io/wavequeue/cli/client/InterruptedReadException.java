package io.wavequeue.cli.client;

/** An {@link InterruptedException} where none may be thrown; the flag is set. */
public final class InterruptedReadException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    InterruptedReadException(InterruptedException cause) {
        super(cause);
    }
}
