package io.wavequeue.api.bulk;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.admission.Shown;
import io.wavequeue.job.BulkKind;
import io.wavequeue.job.JobStatus;
import io.wavequeue.job.SkipReason;
import io.wavequeue.store.BulkChoice;
import io.wavequeue.store.BulkOrder;
import io.wavequeue.store.LettersChoice.Meant;
import io.wavequeue.store.view.JobFilter;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What {@code POST /v1/replays} asks for. */
final class ReplayRequest {
    static final String JOBS = "jobs";

    static final String SINCE = "since";
    static final String UNTIL = "until";

    private static final List<String> OTHERS =
            List.of(BulkOrder.MISSING, BulkOrder.SOURCE, SINCE, UNTIL, BulkOrder.OVERRIDES, BulkOrder.FORCE);

    private static final List<String> ENDED = Arrays.stream(JobStatus.values())
            .filter(JobStatus::isTerminal)
            .map(JobStatus::code)
            .toList();

    private ReplayRequest() {}

    /** Reads a body; a {@code ProblemException} that lists everything wrong with it. */
    static BulkCall of(UUID id, JsonNode body) {
        BodyFields fields = new BodyFields(body, OTHERS);
        boolean isFromTopic = isFromTopic(fields);
        boolean missing = fields.flag(BulkOrder.MISSING);
        JobFilter filter = filter(fields, isFromTopic, missing);
        boolean dryRun = fields.flag(BodyFields.DRY_RUN);
        checkOverrides(fields);
        checkForce(fields);
        Meant letters = letters(fields, filter, isFromTopic);
        if (missing && isFromTopic) {
            fields.refuse(BulkOrder.MISSING, "is not for dead letters: these name the jobs");
        } else if (missing) {
            checkBatchAlone(fields);
            checkNoOverrides(fields);
        } else {
            checkStatuses(fields, filter);
        }
        BulkOrder order = fields.order(id, BulkKind.REPLAY, null);
        BulkChoice choice = missing && !isFromTopic
                ? BulkChoice.missing(Objects.requireNonNull(filter.batchId()))
                : BulkChoice.of(BulkKind.REPLAY, filter);
        return new BulkCall(order, choice, dryRun, letters);
    }

    /** Where it names a batch alone, {@link #checkBatchAlone} says what is wrong with anything else. */
    private static JobFilter filter(BodyFields fields, boolean isFromTopic, boolean missing) {
        JsonNode given = fields.get(BodyFields.FILTER);
        return (isFromTopic && given.isMissingNode()) || (!isFromTopic && missing && !isBatchAlone(given))
                ? JobFilter.ALL
                : fields.filter();
    }

    private static boolean isBatchAlone(JsonNode filter) {
        return filter.size() == 1 && filter.has("batch_id");
    }

    private static boolean isFromTopic(BodyFields fields) {
        JsonNode given = fields.get(BulkOrder.SOURCE);
        if (!given.isMissingNode() && !List.of(JOBS, BulkOrder.DEAD_LETTERS).contains(given.asText())) {
            fields.refuse(
                    BulkOrder.SOURCE, Shown.value(given) + " is not allowed; use one of \"jobs\", \"dead_letters\"");
        }
        return given.asText().equals(BulkOrder.DEAD_LETTERS);
    }

    private static @Nullable Meant letters(BodyFields fields, JobFilter filter, boolean isFromTopic) {
        if (!isFromTopic) {
            for (String name : List.of(SINCE, UNTIL)) {
                if (!fields.get(name).isMissingNode()) {
                    fields.refuse(name, "is for dead letters; the filter has created_after and created_before");
                }
            }
            return null;
        }
        @Nullable Instant since = time(fields, SINCE);
        @Nullable Instant until = time(fields, UNTIL);
        if (since != null && until != null && !since.isBefore(until)) {
            fields.refuse(UNTIL, "is not later than since: no job failed in between");
        }
        return new Meant(since, until, filter);
    }

    private static @Nullable Instant time(BodyFields fields, String name) {
        JsonNode given = fields.get(name);
        if (given.isMissingNode() || given.isNull()) {
            return null;
        }
        try {
            return OffsetDateTime.parse(given.asText()).toInstant();
        } catch (DateTimeException unreadable) {
            fields.refuse(name, Shown.value(given) + " is not a time such as 2026-11-30T02:00:00Z");
            return null;
        }
    }

    static void checkOverrides(BodyFields fields) {
        JsonNode given = fields.get(BulkOrder.OVERRIDES);
        if (!given.isMissingNode() && (!given.isObject() || given.isEmpty())) {
            fields.refuse(
                    BulkOrder.OVERRIDES,
                    (given.isObject() ? "changes nothing" : Shown.value(given) + " is not allowed")
                            + "; it must be an object with what is to be changed, as {\"duration\": 5}; null removes a field");
        }
    }

    static void checkForce(BodyFields fields) {
        JsonNode given = fields.get(BulkOrder.FORCE);
        if (given.isMissingNode()) {
            return;
        }
        String forcible = Arrays.stream(SkipReason.values())
                .filter(SkipReason::isForcible)
                .map(SkipReason::code)
                .collect(Collectors.joining(", "));
        if (!given.isArray()) {
            fields.refuse(BulkOrder.FORCE, Shown.value(given) + " is not allowed; it must be a list of: " + forcible);
        }
        given.forEach(reason -> {
            if (!reason.isTextual()
                    || !SkipReason.find(reason.textValue())
                            .map(SkipReason::isForcible)
                            .orElse(false)) {
                fields.refuse(BulkOrder.FORCE, Shown.value(reason) + " cannot be forced; these can: " + forcible);
            }
        });
    }

    private static void checkBatchAlone(BodyFields fields) {
        if (!isBatchAlone(fields.get(BodyFields.FILTER))) {
            fields.refuse(
                    BodyFields.FILTER, "with missing it must be a batch and nothing else, as {\"batch_id\": \"…\"}");
        }
    }

    /** What still waits goes on as it is, and would be said to have gone with another input. */
    private static void checkNoOverrides(BodyFields fields) {
        if (!fields.get(BulkOrder.OVERRIDES).isMissingNode()) {
            fields.refuse(
                    BulkOrder.OVERRIDES,
                    "is not for missing, which lets jobs that wait go on as they are: cancel those that are to change, and replay"
                            + " {\"batch_id\": \"…\", \"status\": [\"failed\", \"cancelled\"]} with input_overrides");
        }
    }

    /** What has not ended cannot go again. */
    private static void checkStatuses(BodyFields fields, JobFilter filter) {
        filter.statuses().stream()
                .filter(status -> !ENDED.contains(status))
                .forEach(status -> fields.refuse(
                        BodyFields.FILTER + ".status",
                        "\"" + status + "\" jobs have not ended; a replay is of " + String.join(", ", ENDED)
                                + " ones, and of failed ones when it names none"));
    }
}
