package io.wavequeue.api.status;

import io.wavequeue.api.http.JobId;
import io.wavequeue.api.http.QueryReader;
import io.wavequeue.catalogue.NearestName;
import io.wavequeue.job.ErrorClass;
import io.wavequeue.job.JobStatus;
import io.wavequeue.store.view.JobFilter;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads which jobs are meant: by the list's query parameters, and by the same names in bodies. */
public final class JobFilterReader {
    /** The name that calls about jobs of certain states do not take. */
    public static final String STATUS = "status";

    /** Every name of a filter. */
    public static final List<String> NAMES = List.of(
            "id",
            STATUS,
            "model",
            "batch_id",
            "error_class",
            "fingerprint",
            "replay_id",
            "reference",
            "label",
            "created_after",
            "created_before");

    private static final int MOST_IDS = 1_000;
    private static final Pattern FINGERPRINT = Pattern.compile("[0-9a-f]{16}");

    private static final int FIRST_YEAR = 1;
    private static final int LAST_YEAR = 9_999;

    private JobFilterReader() {}

    /** The filter; what is wrong with it is noted in the reader. */
    public static JobFilter.Builder read(QueryReader query) {
        return readAllButStatus(query).statuses(statuses(query));
    }

    /** The filter for calls that are about jobs of certain states, and take none. */
    public static JobFilter.Builder readAllButStatus(QueryReader query) {
        @Nullable Instant after = time(query, "created_after");
        @Nullable Instant before = time(query, "created_before");
        if (after != null && before != null && !after.isBefore(before)) {
            query.refuse("created_before", "is not later than created_after: no job is made in between");
        }
        return JobFilter.builder()
                .ids(ids(query))
                .model(query.one("model").orElse(null))
                .batchId(uuid(query, "batch_id"))
                .errorClass(errorClass(query))
                .fingerprint(fingerprint(query))
                .replayId(uuid(query, "replay_id"))
                .reference(query.one("reference").orElse(null))
                .labels(labels(query))
                .created(after, before);
    }

    private static List<UUID> ids(QueryReader query) {
        List<String> given = query.all("id");
        if (given.size() > MOST_IDS) {
            query.refuse("id", "is given " + given.size() + " times; " + MOST_IDS + " are allowed");
            return List.of();
        }
        Set<UUID> ids = new LinkedHashSet<>();
        for (String id : given) {
            JobId.parse(id).ifPresentOrElse(ids::add, () -> query.refuse("id", shown(id) + " is not a UUID"));
        }
        return List.copyOf(ids);
    }

    private static @Nullable String fingerprint(QueryReader query) {
        Optional<String> given = query.one("fingerprint");
        if (given.isPresent() && !FINGERPRINT.matcher(given.get()).matches()) {
            query.refuse(
                    "fingerprint",
                    shown(given.get()) + " is not a fingerprint of GET /v1/failures: 16 characters of 0-9 and a-f");
        }
        return given.orElse(null);
    }

    private static Set<JobStatus> statuses(QueryReader query) {
        Set<JobStatus> statuses = EnumSet.noneOf(JobStatus.class);
        for (String given : query.all(STATUS)) {
            known(query, STATUS, given, JobStatus.values(), JobStatus::code).ifPresent(statuses::add);
        }
        return statuses;
    }

    private static @Nullable ErrorClass errorClass(QueryReader query) {
        return query.one("error_class")
                .flatMap(given -> known(query, "error_class", given, ErrorClass.values(), ErrorClass::code))
                .orElse(null);
    }

    private static <T> Optional<T> known(
            QueryReader query, String name, String given, T[] values, Function<T, String> code) {
        Optional<T> value = Arrays.stream(values)
                .filter(one -> code.apply(one).equals(given))
                .findFirst();
        if (value.isEmpty()) {
            List<String> codes = Arrays.stream(values).map(code).toList();
            String hint = NearestName.of(given, codes)
                    .map(nearest -> "did you mean \"" + nearest + "\"?")
                    .orElseGet(() -> "use one of " + String.join(", ", codes));
            query.refuse(name, shown(given) + " is not known; " + hint);
        }
        return value;
    }

    private static @Nullable UUID uuid(QueryReader query, String name) {
        Optional<String> given = query.one(name);
        Optional<UUID> id = given.flatMap(JobId::parse);
        if (given.isPresent() && id.isEmpty()) {
            query.refuse(name, shown(given.get()) + " is not a UUID");
        }
        return id.orElse(null);
    }

    private static Map<String, String> labels(QueryReader query) {
        Map<String, String> labels = new HashMap<>();
        for (String given : query.all("label")) {
            int colon = given.indexOf(':');
            if (colon < 1) {
                query.refuse("label", shown(given) + " is not of the form key:value");
                continue;
            }
            String value = given.substring(colon + 1);
            String before = labels.putIfAbsent(given.substring(0, colon), value);
            if (before != null && !before.equals(value)) {
                query.refuse("label", "no job has two values of the label " + shown(given.substring(0, colon)));
            }
        }
        return labels;
    }

    private static @Nullable Instant time(QueryReader query, String name) {
        Optional<String> given = query.one(name);
        if (given.isEmpty()) {
            return null;
        }
        try {
            OffsetDateTime time = OffsetDateTime.parse(given.get());
            int year = time.withOffsetSameInstant(ZoneOffset.UTC).getYear();
            if (year >= FIRST_YEAR && year <= LAST_YEAR) {
                return time.toInstant();
            }
            query.refuse(name, "the year " + year + " is not within " + FIRST_YEAR + " and " + LAST_YEAR);
        } catch (DateTimeParseException | ArithmeticException e) {
            query.refuse(
                    name,
                    shown(given.get()) + " is not a time such as 2026-01-31T18:30:00Z"
                            + (query.isOfUrl() ? " (write + as %2B in a URL)" : ""));
        }
        return null;
    }

    static String shown(String given) {
        return '"' + (given.length() > 64 ? given.substring(0, 64) + "…" : given) + '"';
    }
}
