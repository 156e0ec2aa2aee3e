package io.wavequeue.api.media;

import java.io.IOException;

/** The body is not the form that its header announces. */
final class BrokenFormException extends IOException {
    private static final long serialVersionUID = 1L;

    BrokenFormException(String reason) {
        super(reason);
    }
}
