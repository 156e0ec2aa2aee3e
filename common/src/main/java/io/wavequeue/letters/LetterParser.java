package io.wavequeue.letters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.admission.JsonRead;
import io.wavequeue.admission.RequestForm;
import io.wavequeue.admission.Shown;
import io.wavequeue.admission.StrictJson;
import io.wavequeue.job.ErrorClass;
import io.wavequeue.job.JobError;
import io.wavequeue.job.Lane;
import io.wavequeue.message.JobHeaders;
import io.wavequeue.message.JobRecords;
import io.wavequeue.message.Topics;
import io.wavequeue.store.LetterRow.Ended;
import io.wavequeue.store.LetterSpool.Refusal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Tells what a letter on the dead-letter topic is. Never throws for what somebody wrote. */
final class LetterParser {
    private static final String ID = "id";
    private static final String ATTEMPT = "attempt";
    private static final String RECORD = "record";
    private static final String FAILED_AT = "failed_at";
    private static final int TIME_ORDERED = 7;
    private static final int MOST_ATTEMPTS = 10_000;

    /** Of a letter, and not of the request in it. */
    private static final List<String> ABOUT_THE_END = List.of("error", "attempts", FAILED_AT, "truncated");

    private static final RequestForm LETTER = RequestForm.letter(Lane.BULK);
    private static final RequestForm RECORD_FORM = RequestForm.record(Lane.BULK);

    private final InstantSource clock;

    LetterParser(InstantSource clock) {
        this.clock = clock;
    }

    /** @param record no tombstone */
    ReadLetter read(ConsumerRecord<byte[], byte[]> record) {
        Instant at = Instant.ofEpochMilli(record.timestamp());
        if (record.key() == null) {
            return invalid(null, at, "it has no key, and could not be removed from the topic");
        }
        String key = text(record.key());
        @Nullable String schema = header(record, JobHeaders.SCHEMA);
        if (schema != null && !isKnown(schema)) {
            return invalid(
                    uuid(key),
                    at,
                    "it is of form \"%s\"; this version reads forms up to %d: replay it with the version that wrote it"
                            .formatted(schema, JobHeaders.SCHEMA_VERSION));
        }
        return switch (StrictJson.read(record.value())) {
            case JsonRead.Malformed malformed -> invalid(null, at, "it is not JSON: " + malformed.text());
            case JsonRead.Value(ObjectNode letter)
            when !LetterTimes.isTimeOrNone(letter.path(FAILED_AT)) ->
                invalid(
                        uuid(letter.path(ID).asText(key)),
                        at,
                        "failed_at: %s is not a time such as 2026-11-30T02:00:00Z"
                                .formatted(Shown.value(letter.path(FAILED_AT))));
            case JsonRead.Value(ObjectNode letter) ->
                letter.path(RECORD).isTextual() && letter.path("topic").isTextual()
                        ? putAside(record, key, letter)
                        : request(record, key, letter);
            case JsonRead.Value ignored -> invalid(null, at, "it is not a JSON object");
        };
    }

    /** A failed job's letter, or what another service put there. */
    private ReadLetter request(ConsumerRecord<byte[], byte[]> record, String key, ObjectNode letter) {
        Instant failedAt = failedAt(record, letter);
        boolean isOurs = header(record, JobHeaders.INSTALLATION) != null;
        Id id = Id.of(letter, key, record.value());
        if (id.problem() != null) {
            return invalid(null, failedAt, id.problem());
        }
        if (letter.path("truncated").asBoolean(false)) {
            return new ReadLetter.Refused(
                    id.value(),
                    failedAt,
                    Refusal.INPUT_MISSING,
                    "its input was too large for the topic, and its row, which had it, is not here");
        }
        LetterAttempts attempts =
                isOurs ? LetterAttempts.of(letter.path("attempts"), clock.instant()) : LetterAttempts.NONE;
        if (attempts.problem() != null) {
            return invalid(id.value(), failedAt, attempts.problem());
        }
        JobError error = error(letter.path("error"), "another service put it on the dead-letter topic");
        ObjectNode request = letter.remove(ABOUT_THE_END);
        lane(request, header(record, JobHeaders.LANE));
        int attempt = isOurs ? Math.max(attempts.last(), attempt(letter)) : 0;
        return new ReadLetter.Request(
                id.value(),
                request,
                LETTER,
                isOurs,
                new Ended(error, failedAt),
                attempt,
                attempts.json(),
                createdAt(id.value(), attempts.first(), failedAt),
                error.errorClass() == ErrorClass.UNKNOWN_JOB ? sentAfter(id.value(), failedAt) : failedAt);
    }

    /** The letter of a row that was made from a record that was put aside does not tell when that was sent. */
    private static Instant sentAfter(UUID id, Instant failedAt) {
        return id.version() == TIME_ORDERED ? createdAt(id, null, failedAt) : Instant.EPOCH;
    }

    /**
     * A record that a worker put aside. One of a Wavequeue's, whose job was unknown, may have been paid at any time since it was
     * sent; one of another service never got as far.
     */
    private ReadLetter putAside(ConsumerRecord<byte[], byte[]> record, String key, ObjectNode letter) {
        Instant failedAt = failedAt(record, letter);
        JobError error = error(letter.path("error"), "it was put aside");
        boolean isOurs = error.errorClass() == ErrorClass.UNKNOWN_JOB;
        @Nullable UUID jobId = isOurs ? JobRecords.jobId(letter.path(RECORD).textValue()) : null;
        if (letter.path("truncated").asBoolean(false)) {
            return new ReadLetter.Refused(
                    jobId, failedAt, Refusal.INPUT_MISSING, "the record was too large for the topic, and was cut");
        }
        JsonRead read = StrictJson.read(letter.path(RECORD).textValue().getBytes(StandardCharsets.UTF_8));
        if (!(read instanceof JsonRead.Value(ObjectNode request))) {
            return invalid(
                    jobId,
                    failedAt,
                    read instanceof JsonRead.Malformed malformed
                            ? "the record is not JSON: " + malformed.text()
                            : "the record is not a JSON object");
        }
        Id id = Id.of(request, key, record.value());
        if (id.problem() != null) {
            return invalid(jobId, failedAt, id.problem());
        }
        lane(request, laneOf(letter.path("topic").textValue()));
        Instant sentAt = LetterTimes.read(letter.path("produced_at"), clock.instant());
        return new ReadLetter.Request(
                id.value(),
                request,
                RECORD_FORM,
                isOurs,
                new Ended(error, failedAt),
                isOurs ? attempt(request) : 0,
                LetterAttempts.NONE.json(),
                createdAt(id.value(), null, failedAt),
                isOurs ? (sentAt == null ? Instant.EPOCH : sentAt) : failedAt);
    }

    private static ReadLetter invalid(@Nullable UUID jobId, Instant at, String message) {
        return new ReadLetter.Refused(jobId, at, Refusal.RECORD_INVALID, message);
    }

    /** @param problem why there is none, and the value means nothing then */
    private record Id(UUID value, @Nullable String problem) {
        /** Without one, the letter's key and content stand for it: the same letter, read again, is the same job. */
        static Id of(ObjectNode request, String key, byte[] letter) {
            JsonNode told = request.path(ID);
            if (told.isMissingNode() || told.isNull()) {
                String content = UUID.nameUUIDFromBytes(letter).toString();
                String name = "dead-letter/" + key + "/" + content;
                return new Id(UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)), null);
            }
            @Nullable UUID id = uuid(told.asText());
            return id == null ? new Id(new UUID(0, 0), "id: it must be a UUID") : new Id(id, null);
        }
    }

    private static @Nullable UUID uuid(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException none) {
            return null;
        }
    }

    /** The request's own wins. */
    private static void lane(ObjectNode request, @Nullable String usual) {
        if (!request.hasNonNull(RequestForm.LANE)) {
            boolean isInteractive = Lane.INTERACTIVE.code().equals(usual);
            request.put(RequestForm.LANE, (isInteractive ? Lane.INTERACTIVE : Lane.BULK).code());
        }
    }

    private static String laneOf(String topic) {
        return (topic.equals(Topics.of(Lane.INTERACTIVE)) ? Lane.INTERACTIVE : Lane.BULK).code();
    }

    private static int attempt(ObjectNode told) {
        return Math.clamp(told.path(ATTEMPT).asInt(0), 0, MOST_ATTEMPTS);
    }

    private static JobError error(JsonNode told, String otherwise) {
        String message = told.path("message").asText("");
        return Arrays.stream(ErrorClass.values())
                .filter(known -> known.code().equals(told.path("class").asText()))
                .findFirst()
                .map(known -> new JobError(
                        known,
                        message.isBlank() ? otherwise : message,
                        told.path("retryable").asBoolean(known.isRetryable())))
                .orElseGet(() -> JobError.of(ErrorClass.INTERNAL, message.isBlank() ? otherwise : message));
    }

    private Instant failedAt(ConsumerRecord<byte[], byte[]> record, ObjectNode letter) {
        Instant told = LetterTimes.read(letter.path(FAILED_AT), clock.instant());
        return told == null ? Instant.ofEpochMilli(record.timestamp()) : told;
    }

    /** Our ids tell when they were made. */
    private static Instant createdAt(UUID id, @Nullable Instant firstSubmit, Instant failedAt) {
        Instant told = id.version() == TIME_ORDERED
                ? Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16)
                : firstSubmit == null ? failedAt : firstSubmit;
        return LetterTimes.isPlausible(told, failedAt) && !told.isAfter(failedAt) ? told : failedAt;
    }

    private static boolean isKnown(String schema) {
        try {
            int form = Integer.parseInt(schema);
            return form >= 0 && form <= JobHeaders.SCHEMA_VERSION;
        } catch (NumberFormatException none) {
            return false;
        }
    }

    private static @Nullable String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? null : text(header.value());
    }

    /** As far as it is text, on one line and short. */
    static String text(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        new String(bytes, StandardCharsets.UTF_8)
                .codePoints()
                .limit(200)
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .forEach(text::appendCodePoint);
        return text.toString();
    }
}
