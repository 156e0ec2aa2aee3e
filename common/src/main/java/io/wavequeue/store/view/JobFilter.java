package io.wavequeue.store.view;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.job.ErrorClass;
import io.wavequeue.job.JobStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which jobs are meant. Everything given must hold; null and empty leave it open.
 *
 * @param ids any of these
 * @param statuses any of these
 * @param fingerprint failed for this cause ({@code failure_fingerprint} of the database)
 * @param replayId replayed or let go by this operation, whatever became of them
 * @param labels all of these
 * @param createdAfter later than this, not at it
 * @param createdBefore earlier than this, not at it
 * @param cursor older than the page that ended there
 */
public record JobFilter(
        List<UUID> ids,
        List<String> statuses,
        @Nullable String model,
        @Nullable UUID batchId,
        @Nullable String errorClass,
        @Nullable String fingerprint,
        @Nullable UUID replayId,
        @Nullable String reference,
        Map<String, String> labels,
        @Nullable Instant createdAfter,
        @Nullable Instant createdBefore,
        @Nullable JobCursor cursor) {

    /** Every job. */
    public static final JobFilter ALL = builder().build();

    public JobFilter {
        ids = List.copyOf(ids);
        statuses = List.copyOf(statuses);
        labels = Map.copyOf(labels);
    }

    public static Builder builder() {
        return new Builder();
    }

    /** The labels as a JSON object. */
    public String labelsJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        labels.forEach(json::put);
        return json.toString();
    }

    /** Gathers what is given. */
    public static final class Builder {
        private List<UUID> ids = List.of();
        private List<String> statuses = List.of();
        private @Nullable String model;
        private @Nullable UUID batchId;
        private @Nullable String errorClass;
        private @Nullable String fingerprint;
        private @Nullable UUID replayId;
        private @Nullable String reference;
        private Map<String, String> labels = Map.of();
        private @Nullable Instant createdAfter;
        private @Nullable Instant createdBefore;
        private @Nullable JobCursor cursor;

        private Builder() {}

        public Builder ids(List<UUID> given) {
            ids = given;
            return this;
        }

        public Builder statuses(Set<JobStatus> given) {
            statuses = given.stream().map(JobStatus::code).toList();
            return this;
        }

        public Builder model(@Nullable String given) {
            model = given;
            return this;
        }

        public Builder batchId(@Nullable UUID given) {
            batchId = given;
            return this;
        }

        public Builder errorClass(@Nullable ErrorClass given) {
            errorClass = given == null ? null : given.code();
            return this;
        }

        public Builder fingerprint(@Nullable String given) {
            fingerprint = given;
            return this;
        }

        public Builder replayId(@Nullable UUID given) {
            replayId = given;
            return this;
        }

        public Builder reference(@Nullable String given) {
            reference = given;
            return this;
        }

        public Builder labels(Map<String, String> given) {
            labels = given;
            return this;
        }

        public Builder created(@Nullable Instant after, @Nullable Instant before) {
            createdAfter = after;
            createdBefore = before;
            return this;
        }

        public Builder cursor(@Nullable JobCursor given) {
            cursor = given;
            return this;
        }

        public JobFilter build() {
            return new JobFilter(
                    ids,
                    statuses,
                    model,
                    batchId,
                    errorClass,
                    fingerprint,
                    replayId,
                    reference,
                    labels,
                    createdAfter,
                    createdBefore,
                    cursor);
        }
    }
}
