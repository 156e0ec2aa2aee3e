package io.wavequeue.api.intake;

import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /v1/jobs}, and an element of a batch, for the API's description; it is read as a tree, so that all faults are found. */
@Schema(name = "JobRequest")
public record JobRequestBody(
        @Schema(required = true, description = "Id of a model; GET /v1/models lists them")
        String model,

        @Schema(
                required = true,
                type = SchemaType.OBJECT,
                description = "The model's own fields; GET /v1/models/{model} describes them")
        Object input,

        @Schema(maxLength = 200, description = "The caller's own name of the job") @Nullable
        String reference,

        @Schema(
                enumeration = {"interactive", "bulk"},
                defaultValue = "interactive")
        @Nullable
        String lane,

        @Schema(description = "At most 32; keys up to 64 characters without a colon, values up to 256") @Nullable
        Map<String, String> labels,

        @Schema(minimum = "1", maximum = "10", defaultValue = "3") @Nullable
        Integer maxAttempts) {}
