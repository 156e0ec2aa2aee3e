package io.wavequeue.worker.provider;

/** Asked on the connection's own thread, after the connection stands and right before the first byte of a POST. */
@FunctionalInterface
public interface SubmitGate {
    /** False when it is too late: the request is abandoned as not sent. */
    boolean isOpen();
}
