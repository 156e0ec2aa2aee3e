package io.wavequeue.worker.provider;

import java.io.IOException;

/** The provider will not take this clip, however often it is offered. */
public final class UploadRefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    private UploadRefusedException(String message) {
        super(message);
    }

    /** By the status: the clip is refused for good, or there is trouble that may pass (the account's, the network's). */
    static IOException orTrouble(int status, String message) {
        boolean refused = status == 400 || status == 413 || status == 415 || status == 422;
        return refused ? new UploadRefusedException(message) : new IOException(message);
    }
}
