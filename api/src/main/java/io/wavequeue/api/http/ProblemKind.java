package io.wavequeue.api.http;

import java.util.Locale;

/** The kinds of problems that the API answers with. The name in lower case is the problem's {@code code}. */
public enum ProblemKind {
    BAD_REQUEST(400, "The request cannot be understood"),
    MALFORMED_JSON(400, "The body is not JSON"),
    BAD_PARAMETER(400, "A query parameter is wrong"),
    BAD_HEADER(400, "A header is wrong"),
    UNAUTHORIZED(401, "The API key is missing or wrong"),
    BAD_SIGNATURE(401, "The webhook's signature is missing or wrong"),
    FOREIGN_ORIGIN(403, "The call comes from another site"),
    NOT_FOUND(404, "There is no such thing"),
    METHOD_NOT_ALLOWED(405, "The method is not allowed here"),
    NOT_ACCEPTABLE(406, "No answer in the accepted form"),
    ALREADY_ENDED(409, "The job has ended"),
    NOT_UNCERTAIN(409, "Nobody doubts what became of the job's submit"),
    EVIDENCE_WAITS(409, "A webhook told what became of the job's submit"),
    PREDICTION_TAKEN(409, "The prediction is another attempt's"),
    RESOLUTION_ENDED(409, "The resolution has ended"),
    OPERATION_ENDED(409, "The operation has ended"),
    NOT_REPLAYED(409, "The job is not replayed"),
    PLAN_OUTDATED(409, "The plan would come out differently by now"),
    TAKE_WITHOUT_RESULT(409, "The take has no file yet"),
    BATCH_ENDED(409, "The batch has ended"),
    NOTHING_TO_ACCEPT(409, "The difference stops no model"),
    NOT_ARCHIVED(409, "The output is not archived yet"),
    FILE_GONE(410, "The archived file is gone"),
    TOO_LARGE(413, "The body is too large"),
    UNSUPPORTED_MEDIA_TYPE(415, "The content type is not supported"),
    FOREIGN_HOST(421, "The Host header names another host"),
    INVALID_REQUEST(422, "The request is invalid"),
    NOT_FETCHED(422, "No clip can be had from the URL"),
    UNKNOWN_PRICE(422, "Nobody knows what it costs"),
    KEY_REUSED(422, "The Idempotency-Key was used with another request"),
    INTERNAL(500, "Something went wrong here"),
    UNAVAILABLE(503, "The database does not answer"),
    KAFKA_AWAY(503, "Kafka does not answer"),
    HISTORY_UNREAD(503, "The provider's history is not read yet"),
    LIBRARY_BUSY(503, "A batch of a library is being made"),
    STORAGE_AWAY(503, "The storage of outputs does not answer"),
    NO_SECRET(503, "The webhook secret is not known yet"),
    TOO_MANY_STREAMS(503, "Too many streams of events are open");

    private final int status;
    private final String title;

    ProblemKind(int status, String title) {
        this.status = status;
        this.title = title;
    }

    public int status() {
        return status;
    }

    String title() {
        return title;
    }

    String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
