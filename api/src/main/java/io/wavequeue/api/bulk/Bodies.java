package io.wavequeue.api.bulk;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The bodies of the calls that make bulk operations, for the API's description. */
final class Bodies {
    private static final String FILTER = "Which jobs; everything that is given must hold. {} means all";
    private static final String PATCH = "JSON merge patch (RFC 7396) of the input: null removes a field";
    private static final String FORCE = "Replay in spite of these";
    private static final String DRY_RUN = "true = only tell what it would be about and do";
    private static final String RATE = "How many jobs may be changed in a minute; without it, all as fast as it goes";
    private static final String BY = "Who asks for it, for the record: at most 200 characters";
    private static final String NOTE = "Why, for the record: at most 1,000 characters";

    private Bodies() {}

    /** What {@code SkipReason} can be forced; a test holds them against each other. */
    @Schema(
            name = "ForcibleReason",
            type = SchemaType.STRING,
            enumeration = {
                "may_be_charged",
                "has_result",
                "superseded",
                "parked",
                "moderated",
                "provider_has_it",
                "history_unread"
            })
    interface Forcible {}

    @Schema(name = "JobFilter", description = "The parameters of GET /v1/jobs but limit and cursor.")
    record Filter(
            @Schema(
                    description = "Any of them, up to 1,000",
                    oneOf = {UUID.class, UUID[].class})
            Object id,

            @Schema(
                    description = "Any of them, as GET /v1/jobs shows it",
                    oneOf = {String.class, String[].class},
                    examples = "failed")
            Object status,

            @Schema(examples = "stability-ai/stable-audio-3/music")
            String model,

            UUID batchId,
            @Schema(examples = "provider_error") String errorClass,

            @Schema(description = "Of GET /v1/failures: failed for that cause", examples = "6a0118800a81e762")
            String fingerprint,

            @Schema(description = "What that replay had go, again or on, whatever became of it")
            UUID replayId,

            @Schema(description = "The caller's own name of the job")
            String reference,

            @Schema(
                    description = "key:value, all of them",
                    oneOf = {String.class, String[].class},
                    examples = "scene:forest")
            Object label,

            @Schema(description = "The same as an object", examples = "{\"scene\": \"forest\"}")
            Map<String, String> labels,

            @Schema(description = "Later than this") Instant createdAfter,
            @Schema(description = "Earlier than this") Instant createdBefore) {}

    @Schema(name = "ReplayRequest")
    record Replay(
            @Schema(
                    description =
                            FILTER
                                    + " failed ones. Required, unless the source is dead_letters. With missing it is a batch_id and nothing else")
            Filter filter,

            @Schema(
                    description =
                            "true = bring the batch, which the filter names alone, to completeness: what failed, was cancelled,"
                                    + " is held by a person or lost an output. Opens a paused or cancelled batch again",
                    defaultValue = "false")
            boolean missing,

            @Schema(
                    description =
                            "dead_letters = the jobs that stand on the dead-letter topic, whether or not their rows are here; filter may be left out then",
                    enumeration = {"jobs", "dead_letters"},
                    defaultValue = "jobs")
            String source,

            @Schema(description = "Of dead letters: failed at this time or later")
            Instant since,

            @Schema(description = "Of dead letters: failed before this time")
            Instant until,

            @Schema(description = DRY_RUN, defaultValue = "false")
            boolean dryRun,

            @Schema(
                    type = SchemaType.OBJECT,
                    description = PATCH,
                    examples = "{\"duration\": 30, \"negative_prompt\": null}")
            Object inputOverrides,

            @Schema(description = RATE, minimum = "1", maximum = "1000000")
            int ratePerMinute,

            @Schema(description = FORCE) List<Forcible> force,

            @Schema(description = BY) String requestedBy,
            @Schema(description = NOTE) String note) {}

    @Schema(name = "JobReplayRequest")
    record JobReplay(
            @Schema(
                    type = SchemaType.OBJECT,
                    description = PATCH,
                    examples = "{\"duration\": 30, \"negative_prompt\": null}")
            Object inputOverrides,

            @Schema(description = FORCE) List<Forcible> force,

            @Schema(description = BY) String requestedBy,
            @Schema(description = NOTE) String note) {}

    @Schema(name = "BulkResolutionRequest")
    record Resolution(
            @Schema(required = true, description = FILTER + " uncertain ones")
            Filter filter,

            @Schema(
                    enumeration = {"adopt", "resubmit", "abandon"},
                    required = true)
            String decision,

            @Schema(description = DRY_RUN, defaultValue = "false")
            boolean dryRun,

            @Schema(description = RATE, minimum = "1", maximum = "1000000")
            int ratePerMinute,

            @Schema(description = BY) String requestedBy,
            @Schema(description = NOTE) String note) {}

    @Schema(name = "BulkStopRequest")
    record Stop(
            @Schema(required = true, description = FILTER) Filter filter,

            @Schema(description = DRY_RUN, defaultValue = "false")
            boolean dryRun,

            @Schema(description = RATE, minimum = "1", maximum = "1000000")
            int ratePerMinute,

            @Schema(description = BY) String requestedBy,
            @Schema(description = NOTE) String note) {}
}
