package io.wavequeue.letters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.admission.StrictJson;
import io.wavequeue.catalogue.TextCheck;
import io.wavequeue.job.AttemptStatus;
import io.wavequeue.job.ErrorClass;
import io.wavequeue.job.JobError;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of a failed job as its letter tells them, in a form that can become rows.
 *
 * <p>A failed job has no open attempt. One whose outcome the letter does not tell becomes one that was given up, since it may be
 * charged; one whose prediction had not ended, or ended well after the job had failed, becomes one that is followed no longer: as
 * long as the provider remembers it, it is looked at, and what it made is archived.
 *
 * @param json array of objects with the columns of {@code attempt}
 * @param last highest number, 0 = there is none
 * @param first when the first was submitted; null = not told
 * @param problem why they cannot be read; null = they can
 */
record LetterAttempts(
        String json,
        int last,
        @Nullable Instant first,
        @Nullable String problem) {
    static final LetterAttempts NONE = new LetterAttempts("[]", 0, null, null);

    private static final Duration LOOKED_AT = Duration.ofDays(7);
    private static final int LONGEST_ID = 200;
    private static final int MOST = 1_000;
    private static final int MOST_NUMBER = 10_000;
    private static final BigDecimal MOST_USD = new BigDecimal("10000000");

    static LetterAttempts of(JsonNode told, Instant now) {
        if (told.isMissingNode() || told.isNull()) {
            return NONE;
        }
        if (!told.isArray() || told.size() > MOST) {
            return unreadable("attempts: it must be a list of at most 1,000");
        }
        ArrayNode attempts = JsonNodeFactory.instance.arrayNode();
        Set<Integer> numbers = new HashSet<>();
        @Nullable Instant first = null;
        for (JsonNode one : told) {
            int number = one.path("number").asInt(0);
            AttemptStatus status = status(one.path("status").asText());
            if (number < 1 || number > MOST_NUMBER || status == null || !numbers.add(number)) {
                return unreadable("attempts: each needs a number of its own and a known status");
            }
            ObjectNode attempt = attempts.addObject().put("number", number);
            String problem = fill(attempt, one, status, now);
            if (problem != null) {
                return unreadable("attempts: " + problem);
            }
            Instant submitted = LetterTimes.read(one.path("submitted_at"), now);
            first = first == null || (submitted != null && submitted.isBefore(first)) ? submitted : first;
        }
        return new LetterAttempts(
                StrictJson.write(attempts),
                numbers.stream().max(Integer::compare).orElse(0),
                first,
                null);
    }

    private static LetterAttempts unreadable(String problem) {
        return new LetterAttempts("[]", 0, null, problem);
    }

    /** What is wrong with it; null = nothing. */
    private static @Nullable String fill(ObjectNode attempt, JsonNode told, AttemptStatus status, Instant now) {
        @Nullable String prediction = told.path("prediction_id").asText(null);
        if (prediction != null && TextCheck.lineProblem(prediction, LONGEST_ID).isPresent()) {
            return "a prediction_id is no id";
        }
        if (status == AttemptStatus.COMPLETED && prediction == null) {
            return "one completed without a prediction_id";
        }
        if (!isUsd(told.path("charged_usd")) || !isUsd(told.path("refunded_usd"))) {
            return "an amount is no amount";
        }
        @Nullable Instant accepted = LetterTimes.read(told.path("accepted_at"), now);
        boolean isRemembered = accepted != null && accepted.isAfter(now.minus(LOOKED_AT));
        boolean isFollowed = status == AttemptStatus.COMPLETED ? isRemembered : status.isOpen() && prediction != null;
        @Nullable JobError error = error(told.path("error"));
        if (isFollowed) {
            error = new JobError(
                    ErrorClass.PROVIDER_TIMEOUT,
                    "its prediction had not ended, as far as its dead letter tells",
                    false);
        } else if (status.isOpen()) {
            error = new JobError(
                    ErrorClass.UNCERTAIN_SUBMISSION,
                    "its dead letter does not tell whether it was taken: it may have been charged",
                    false);
        }
        attempt.put("status", (isFollowed || status.isOpen() ? AttemptStatus.FAILED : status).code())
                .put("prediction_id", prediction)
                .put("polls", Math.max(0, told.path("polls").asInt(0)));
        if (told.path("inference_ms").isInt()) {
            attempt.put("inference_ms", told.path("inference_ms").intValue());
        }
        for (String name : new String[] {"submitted_at", "accepted_at", "completed_at"}) {
            Instant time = LetterTimes.read(told.path(name), now);
            attempt.put(name, time == null ? null : time.toString());
        }
        attempt.set("charged_usd", told.path("charged_usd").isNumber() ? told.get("charged_usd") : null);
        attempt.set("refunded_usd", told.path("refunded_usd").isNumber() ? told.get("refunded_usd") : null);
        if (error != null) {
            attempt.put("error_class", error.errorClass().code())
                    .put("error_message", error.message())
                    .put("error_retryable", error.retryable());
        }
        return null;
    }

    private static @Nullable AttemptStatus status(String code) {
        return Arrays.stream(AttemptStatus.values())
                .filter(status -> status.code().equals(code))
                .findFirst()
                .orElse(null);
    }

    private static boolean isUsd(JsonNode told) {
        return told.isMissingNode()
                || told.isNull()
                || (told.isNumber()
                        && told.decimalValue().signum() >= 0
                        && told.decimalValue().compareTo(MOST_USD) < 0);
    }

    private static @Nullable JobError error(JsonNode told) {
        String message = told.path("message").asText("");
        if (!told.isObject() || message.isBlank()) {
            return null;
        }
        ErrorClass errorClass = Arrays.stream(ErrorClass.values())
                .filter(known -> known.code().equals(told.path("class").asText()))
                .findFirst()
                .orElse(ErrorClass.INTERNAL);
        return new JobError(errorClass, message, told.path("retryable").asBoolean(errorClass.isRetryable()));
    }
}
