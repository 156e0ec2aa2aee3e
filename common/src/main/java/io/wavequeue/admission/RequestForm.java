package io.wavequeue.admission;

import io.wavequeue.job.Lane;
import java.util.List;

/**
 * Which fields a request may have, and what holds where it says nothing.
 *
 * @param fields every field that is allowed, in the order in which messages list them
 * @param usualLane the lane of a request that names none
 */
public record RequestForm(List<String> fields, Lane usualLane) {
    static final String MODEL = "model";
    static final String INPUT = "input";
    static final String REFERENCE = "reference";
    static final String LANE = "lane";
    static final String LABELS = "labels";
    static final String MAX_ATTEMPTS = "max_attempts";
    static final String BATCH_ID = "batch_id";

    /** The body of {@code POST /v1/jobs}: somebody is waiting for it unless it says otherwise. */
    public static final RequestForm BODY =
            new RequestForm(List.of(MODEL, INPUT, REFERENCE, LANE, LABELS, MAX_ATTEMPTS), Lane.INTERACTIVE);

    public RequestForm {
        fields = List.copyOf(fields);
    }

    /** A record that another service produced to the topic of that lane. Its {@code id} and {@code attempt} are read by the caller. */
    public static RequestForm record(Lane lane) {
        return new RequestForm(
                List.of("id", MODEL, INPUT, REFERENCE, LANE, LABELS, MAX_ATTEMPTS, BATCH_ID, "attempt"), lane);
    }
}
