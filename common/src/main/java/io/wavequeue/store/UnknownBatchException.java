package io.wavequeue.store;

import java.util.UUID;

/** There is no such batch, and no job names it. */
public final class UnknownBatchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final UUID batchId;

    UnknownBatchException(UUID batchId) {
        super("there is no batch " + batchId);
        this.batchId = batchId;
    }

    public UUID batchId() {
        return batchId;
    }
}
