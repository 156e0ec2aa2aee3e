package io.wavequeue.api.media;

import java.io.IOException;

/** A clip is not kept. The message is the predicate of a sentence about it. */
final class ClipRefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Fault fault;

    /** What is wrong with it. */
    enum Fault {
        EMPTY,
        NOT_AUDIO,
        TOO_LARGE
    }

    ClipRefusedException(Fault fault, String reason) {
        super(reason);
        this.fault = fault;
    }

    Fault fault() {
        return fault;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
