package io.wavequeue.admission;

import io.wavequeue.job.Lane;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which fields a request may have, and what holds where it says nothing.
 *
 * @param fields every field that is allowed, in the order in which messages list them
 * @param usualLane the lane of a request that names none
 * @param batchId the batch that all of them belong to; null = each may name its own, where that field is allowed
 */
public record RequestForm(
        List<String> fields, Lane usualLane, @Nullable UUID batchId) {
    public static final String MODEL = "model";
    public static final String INPUT = "input";
    public static final String REFERENCE = "reference";
    public static final String LANE = "lane";
    public static final String LABELS = "labels";
    public static final String MAX_ATTEMPTS = "max_attempts";
    static final String BATCH_ID = "batch_id";

    /** Of the lines of a file: how many takes, the name of their files, and whether archived work may serve. */
    public static final String TAKES = "takes";

    public static final String OUTPUT = "output";
    public static final String REUSE = "reuse";

    private static final List<String> LINE =
            List.of(MODEL, INPUT, REFERENCE, LANE, LABELS, MAX_ATTEMPTS, TAKES, OUTPUT, REUSE);

    private static final List<String> ABOUT_THE_END = List.of("error", "attempts", "failed_at");

    /** The body of {@code POST /v1/jobs}: somebody is waiting for it unless it says otherwise. */
    public static final RequestForm BODY =
            new RequestForm(List.of(MODEL, INPUT, REFERENCE, LANE, LABELS, MAX_ATTEMPTS), Lane.INTERACTIVE, null);

    public RequestForm {
        fields = List.copyOf(fields);
    }

    /** A record that another service produced to the topic of that lane. Its {@code id} and {@code attempt} are read by the caller. */
    public static RequestForm record(Lane lane) {
        return new RequestForm(
                List.of("id", MODEL, INPUT, REFERENCE, LANE, LABELS, MAX_ATTEMPTS, BATCH_ID, "attempt"), lane, null);
    }

    /** The same within a dead letter, whose fields about the end are read by the caller. */
    public static RequestForm letter(Lane lane) {
        return new RequestForm(
                Stream.concat(record(lane).fields().stream(), ABOUT_THE_END.stream())
                        .toList(),
                lane,
                null);
    }

    /** A line of a batch's file: the fields of a body, and those that only a line has, which the caller reads. */
    public static RequestForm line(Lane lane, UUID batchId) {
        return new RequestForm(LINE, lane, batchId);
    }
}
