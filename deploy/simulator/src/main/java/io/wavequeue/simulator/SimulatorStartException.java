package io.wavequeue.simulator;

/** The simulator cannot start; the message is one sentence for the person who started it. */
public final class SimulatorStartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SimulatorStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
