package io.wavequeue.api.bulk;

import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The bodies of the calls that make bulk operations, for the API's description. */
final class Bodies {
    private static final String FILTER =
            "The parameters of GET /v1/jobs but limit and cursor: texts, or lists of texts for repeated ones; labels also as an object."
                    + " {} means all";
    private static final String DRY_RUN = "true = only tell what it would be about and do";
    private static final String RATE = "How many jobs may be changed in a minute; without it, all as fast as it goes";
    private static final String BY = "Who asks for it, for the record: at most 200 characters";
    private static final String NOTE = "Why, for the record: at most 1,000 characters";

    private Bodies() {}

    @Schema(name = "ReplayRequest")
    record Replay(
            @Schema(required = true, description = FILTER + " failed ones")
            Object filter,

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

            @Schema(description = "JSON merge patch of every job's input: null removes a field")
            Object inputOverrides,

            @Schema(description = RATE, minimum = "1", maximum = "1000000")
            int ratePerMinute,

            @Schema(
                    description =
                            "Replay in spite of: moderated, parked, may_be_charged, has_result, provider_has_it, history_unread")
            List<String> force,

            @Schema(description = BY) String requestedBy,
            @Schema(description = NOTE) String note) {}

    @Schema(name = "JobReplayRequest")
    record JobReplay(
            @Schema(description = "JSON merge patch of the input: null removes a field")
            Object inputOverrides,

            @Schema(description = "Replay in spite of: moderated, parked, may_be_charged, has_result")
            List<String> force,

            @Schema(description = BY) String requestedBy,
            @Schema(description = NOTE) String note) {}

    @Schema(name = "BulkResolutionRequest")
    record Resolution(
            @Schema(required = true, description = FILTER + " uncertain ones")
            Object filter,

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
            @Schema(required = true, description = FILTER) Object filter,

            @Schema(description = DRY_RUN, defaultValue = "false")
            boolean dryRun,

            @Schema(description = RATE, minimum = "1", maximum = "1000000")
            int ratePerMinute,

            @Schema(description = BY) String requestedBy,
            @Schema(description = NOTE) String note) {}
}
