package io.wavequeue.worker.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.job.ErrorClass;
import io.wavequeue.job.HoldReason;
import io.wavequeue.job.JobError;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The one place that reads status codes, envelope codes, task codes, wording and broken connections. Every row of
 * {@code deploy/docs/failures.md} is a test of it.
 *
 * <p>The rule behind it: what is not certainly refused may have been charged.
 */
final class FailureClassifier {
    private static final Pattern PREDICTION_ID = Pattern.compile("[A-Za-z0-9_-]{4,128}");
    private static final Pattern NO_CREDIT = Pattern.compile(
            "insufficient\\s+(account\\s+)?(credit|balance|fund)|not enough (credit|balance)|top[- ]?up");
    private static final Set<Integer> UNCERTAIN_4XX = Set.of(408, 409, 425);
    private static final int NO_CREDIT_CODE = 1407;
    private static final Duration UNSENT_AGAIN = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

    private final InstantSource clock;

    FailureClassifier(InstantSource clock) {
        this.clock = clock;
    }

    /** What an answer to a POST means. */
    SubmitAnswer submit(Answer answer) {
        String id = answer.data().path("id").asText("");
        if (PREDICTION_ID.matcher(id).matches()) {
            return new SubmitAnswer.Accepted(id);
        }
        int status = answer.effectiveStatus();
        if (status == 429) {
            return new SubmitAnswer.Throttled(retryAfter(answer.retryAfter()));
        }
        boolean refused = status >= 400 && status < 500 && !UNCERTAIN_4XX.contains(status);
        if (status == 402 || (refused || isTaskRefusal(status)) && isNoCredit(answer)) {
            return new SubmitAnswer.AccountTrouble(
                    HoldReason.OUT_OF_CREDITS,
                    "the provider account is out of credits" + quoted(answer) + "; top it up, then resume the account");
        }
        if (status == 401 || status == 403) {
            return new SubmitAnswer.AccountTrouble(
                    HoldReason.UNAUTHORIZED,
                    "the provider refused the key (" + status + ")" + quoted(answer)
                            + "; set a valid WAVESPEED_API_KEY, restart the workers, then resume the account");
        }
        if (refused || isTaskRefusal(status)) {
            ErrorClass errorClass = isTaskRefusal(status) ? taskClass(status) : ErrorClass.INVALID_INPUT;
            return new SubmitAnswer.Refused(new JobError(
                    errorClass, "the provider refused the request (" + status + ")" + quoted(answer), false));
        }
        return new SubmitAnswer.Uncertain(uncertain("the provider answered " + status + " without a prediction id"));
    }

    /** How far a POST got before its connection failed it. */
    enum Phase {
        /** No byte of the request was handed to an established connection. */
        CONNECTING,
        /** The connection stood, and the gate was closed: nothing was handed to it. */
        TOO_LATE,
        /** So many waited for a connection already that it did not even ask for one. */
        NO_ROOM,
        /** The request was handed over. */
        SENT
    }

    /** What it means that a POST brought no answer. */
    SubmitAnswer broken(Phase phase, String trouble) {
        return switch (phase) {
            case CONNECTING -> new SubmitAnswer.NotSent(trouble, UNSENT_AGAIN, true);
            case TOO_LATE, NO_ROOM -> new SubmitAnswer.NotSent(trouble, UNSENT_AGAIN);
            case SENT ->
                new SubmitAnswer.Uncertain(uncertain("the connection broke before the answer (" + trouble + ")"));
        };
    }

    /** Whatever the phase: a request that was not handed over by then might still be, as far as we can prove. */
    SubmitAnswer noAnswerWithin(Duration timeout) {
        return new SubmitAnswer.Uncertain(uncertain("no answer within " + timeout.toSeconds() + " s"));
    }

    /** The error of a POST whose outcome nobody knows. */
    private static JobError uncertain(String how) {
        return new JobError(ErrorClass.UNCERTAIN_SUBMISSION, how + ": it may have been charged", false);
    }

    /** What an answer to a GET means. */
    Prediction prediction(Answer answer) {
        int status = answer.effectiveStatus();
        JsonNode data = answer.data();
        if (status == 404) {
            return new Prediction.Unknown();
        }
        if (status != 200 || !data.path("status").isTextual()) {
            return new Prediction.Unreadable("answered " + status + quoted(answer));
        }
        @Nullable Integer inferenceMs = inferenceMs(data);
        return switch (data.path("status").textValue().toLowerCase(Locale.ROOT)) {
            case "completed" -> completed(data, inferenceMs);
            case "failed", "cancelled", "deleted" -> new Prediction.Failed(taskError(data), inferenceMs);
            case "timeout" ->
                new Prediction.Failed(
                        JobError.of(ErrorClass.PROVIDER_TIMEOUT, "the provider gave up: " + taskText(data)),
                        inferenceMs);
            default -> new Prediction.Open();
        };
    }

    private static Prediction completed(JsonNode data, @Nullable Integer inferenceMs) {
        List<String> urls = new ArrayList<>();
        for (JsonNode output : data.path("outputs")) {
            String url = output.isObject() ? output.path("url").asText("") : output.asText("");
            if (isWebUrl(url)) {
                urls.add(url);
            }
        }
        return urls.isEmpty()
                ? new Prediction.Failed(
                        new JobError(
                                ErrorClass.PROVIDER_ERROR, "the prediction completed without an output URL", false),
                        inferenceMs)
                : new Prediction.Completed(List.copyOf(urls), inferenceMs);
    }

    private static boolean isWebUrl(String text) {
        try {
            String scheme = new URI(text).getScheme();
            return "https".equals(scheme) || "http".equals(scheme);
        } catch (URISyntaxException noUrl) {
            return false;
        }
    }

    private static JobError taskError(JsonNode data) {
        int code = data.path("code").asInt(0);
        return JobError.of(taskClass(code), taskText(data) + (code == 0 ? "" : " (code " + code + ")"));
    }

    private static ErrorClass taskClass(int code) {
        return switch (code) {
            case 1200 -> ErrorClass.MODERATED;
            case 1400, 1401 -> ErrorClass.INVALID_INPUT;
            case 1402 -> ErrorClass.MEDIA_UNREACHABLE;
            case NO_CREDIT_CODE -> ErrorClass.OUT_OF_CREDITS;
            case 5004 -> ErrorClass.PROVIDER_TIMEOUT;
            default -> ErrorClass.PROVIDER_ERROR;
        };
    }

    private static boolean isTaskRefusal(int code) {
        return code == 1200 || code == 1400 || code == 1401 || code == 1402 || code == NO_CREDIT_CODE;
    }

    private static boolean isNoCredit(Answer answer) {
        return answer.code() == NO_CREDIT_CODE
                || NO_CREDIT.matcher(answer.message().toLowerCase(Locale.ROOT)).find();
    }

    private static String taskText(JsonNode data) {
        String text = data.path("error").asText("");
        return text.isBlank() ? "status " + data.path("status").asText() : text;
    }

    private static @Nullable Integer inferenceMs(JsonNode data) {
        JsonNode told = data.path("timings").path("inference");
        if (!told.isNumber()) {
            told = data.path("executionTime");
        }
        return told.isNumber() && told.canConvertToInt() && told.intValue() > 0 ? told.intValue() : null;
    }

    private static String quoted(Answer answer) {
        return answer.message().isEmpty() ? "" : ": " + answer.message();
    }

    /** Seconds or an HTTP date; anything else is as good as absent. */
    private @Nullable Duration retryAfter(@Nullable String header) {
        if (header == null) {
            return null;
        }
        try {
            Duration wait = header.strip().chars().allMatch(Character::isDigit)
                    ? Duration.ofSeconds(Long.parseLong(header.strip()))
                    : Duration.between(
                            clock.instant(),
                            ZonedDateTime.parse(header.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                                    .toInstant());
            return wait.isNegative() ? Duration.ZERO : wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
        } catch (NumberFormatException | DateTimeException unreadable) {
            return null;
        }
    }
}
