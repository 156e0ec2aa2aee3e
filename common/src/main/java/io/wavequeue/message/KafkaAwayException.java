package io.wavequeue.message;

/** The broker does not answer. The jobs' rows are safe and are sent again later. */
public final class KafkaAwayException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public KafkaAwayException(Throwable cause) {
        super("Kafka does not answer: " + cause.getMessage(), cause);
    }
}
