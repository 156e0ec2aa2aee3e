package io.wavequeue.api.resolve;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The body of {@code POST /v1/resolutions}, for the API's description. */
@Schema(name = "BulkResolutionRequest")
record ResolutionBody(
        @Schema(
                required = true,
                description =
                        "The parameters of GET /v1/jobs but limit and cursor: texts, or lists of texts for repeated ones; labels also"
                                + " as an object. {} means every uncertain job")
        Object filter,

        @Schema(
                enumeration = {"adopt", "resubmit", "abandon"},
                required = true)
        String decision,

        @Schema(description = "true = only tell what it would be about", defaultValue = "false")
        boolean dryRun) {}
