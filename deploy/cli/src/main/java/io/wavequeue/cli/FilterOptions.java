package io.wavequeue.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.cli.client.Json;
import io.wavequeue.cli.client.Query;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which jobs are meant: the parameters of {@code GET /v1/jobs}, as far as they tell apart what failed. */
final class FilterOptions {

    private static final String DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}";

    @Option(names = "--batch", paramLabel = "ID", description = "Jobs of this batch.")
    private @Nullable String batch;

    @Option(
            names = "--replay",
            paramLabel = "ID",
            description = "Jobs of this replay (see `wavequeue replays`), as they are now.")
    private @Nullable String replay;

    @Option(names = "--model", paramLabel = "MODEL", description = "Jobs of this model.")
    private @Nullable String model;

    @Option(names = "--error-class", paramLabel = "CLASS", description = "Jobs with an error of this class.")
    private @Nullable String errorClass;

    @Option(names = "--fingerprint", paramLabel = "F", description = "Jobs of this group of `wavequeue failures`.")
    private @Nullable String fingerprint;

    @Option(names = "--reference", paramLabel = "NAME", description = "Jobs with this reference.")
    private @Nullable String reference;

    @Option(
            names = "--label",
            paramLabel = "KEY=VALUE",
            description = "Jobs with this label; repeated: with all of them.")
    private Map<String, String> labels = new LinkedHashMap<>();

    @Option(names = "--job", paramLabel = "ID", description = "This job; repeated: these jobs.")
    final List<String> jobs = new ArrayList<>();

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Jobs created then or later: 2026-11-30T02:00:00Z, or a day, from its start in UTC.")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Jobs created before then.")
    private @Nullable String until;

    /** Whether no job is excluded. */
    boolean empty() {
        return timeless().isEmpty() && since == null && until == null;
    }

    /** The name of an option that was given, where it is not empty. */
    String given() {
        return fingerprint == null ? words().getFirst() : "--fingerprint";
    }

    /** Whether the batch is named, and nothing else. */
    boolean batchAlone() {
        return batch != null && timeless().size() == 1 && since == null && until == null;
    }

    @Nullable
    String since() {
        return time(since);
    }

    @Nullable
    String until() {
        return time(until);
    }

    /** As parameters of a list. */
    Query query() {
        Query query = new Query();
        filter().properties().forEach(one -> {
            JsonNode value = one.getValue();
            if (value.isObject()) {
                value.properties()
                        .forEach(label -> query.add(
                                "label", label.getKey() + ":" + label.getValue().asText()));
            } else if (value.isArray()) {
                value.forEach(each -> query.add(one.getKey(), each.asText()));
            } else {
                query.add(one.getKey(), value.asText());
            }
        });
        return query;
    }

    /** As a filter, with the times of the jobs' creation. */
    ObjectNode filter() {
        ObjectNode filter = timeless();
        put(filter, "created_after", createdAfter());
        put(filter, "created_before", until());
        return filter;
    }

    /**
     * The API leaves out what was created at the very time: it gets a time that is earlier by a microsecond, the database's unit.
     * What it will refuse, a time that cannot be read or at which {@code --until} ends already, it gets as it was given.
     */
    private @Nullable String createdAfter() {
        String from = since();
        if (from == null || from.equals(until())) {
            return from;
        }
        try {
            return OffsetDateTime.parse(from).minus(1, ChronoUnit.MICROS).toString();
        } catch (DateTimeException unreadable) {
            return from;
        }
    }

    /** As a filter without times. */
    ObjectNode timeless() {
        ObjectNode filter = Json.object();
        put(filter, "batch_id", batch);
        put(filter, "replay_id", replay);
        put(filter, "model", model);
        put(filter, "error_class", errorClass);
        put(filter, "fingerprint", fingerprint);
        put(filter, "reference", reference);
        if (!labels.isEmpty()) {
            ObjectNode wanted = filter.putObject("labels");
            labels.forEach(wanted::put);
        }
        if (!jobs.isEmpty()) {
            ArrayNode ids = filter.putArray("id");
            jobs.stream().distinct().forEach(ids::add);
        }
        return filter;
    }

    /** The same words again, but for the group, which the words of a suggestion name themselves. */
    List<String> words() {
        List<String> words = new ArrayList<>();
        word(words, "--batch", batch);
        word(words, "--replay", replay);
        word(words, "--model", model);
        word(words, "--error-class", errorClass);
        word(words, "--reference", reference);
        labels.forEach((key, value) -> word(words, "--label", key + "=" + value));
        jobs.forEach(job -> word(words, "--job", job));
        word(words, "--since", since());
        word(words, "--until", until());
        return words;
    }

    private static void word(List<String> words, String name, @Nullable String value) {
        if (value != null) {
            words.add(name);
            words.add(value);
        }
    }

    private static void put(ObjectNode filter, String name, @Nullable String value) {
        if (value != null) {
            filter.put(name, value);
        }
    }

    private static @Nullable String time(@Nullable String given) {
        return given != null && given.matches(DAY) ? given + "T00:00:00Z" : given;
    }
}
