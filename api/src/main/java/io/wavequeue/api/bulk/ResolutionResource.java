package io.wavequeue.api.bulk;

import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.wavequeue.api.http.IdempotencyHeader;
import io.wavequeue.job.BulkKind;
import io.wavequeue.job.JobIds;
import io.wavequeue.store.BulkView.Progress;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Decisions about many uncertain submits at once. */
@Path("/v1/resolutions")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "resolutions")
public class ResolutionResource extends BulkResource<ResolutionView> {
    ResolutionResource(BulkDesk desk, JobIds ids) {
        super(BulkKind.RESOLUTION, desk, ids);
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "createResolution",
            summary = "Decides about many submits whose outcome nobody knows",
            description =
                    "For jobs that are uncertain, or held as uncertain_submission. The jobs are chosen now and never again; those that are no longer in doubt when their turn comes are skipped. adopt: each gets the one prediction that it alone may have made. resubmit: they go again, and may be charged a second time. abandon: they fail.")
    @Parameter(
            name = IdempotencyHeader.NAME,
            in = ParameterIn.HEADER,
            description = "1 to 255 visible ASCII characters of the caller's choice; a dry run needs none",
            schema = @Schema(type = SchemaType.STRING))
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = Bodies.Resolution.class),
                            examples = {
                                @ExampleObject(name = "adopt what can be told", value = """
                                                {"filter": {"labels": {"scene": "forest"}}, "decision": "adopt"}
                                                """),
                                @ExampleObject(name = "what would it cost to submit them again?", value = """
                                                {"filter": {"status": "held", "created_before": "2026-02-01T00:00:00Z"},
                                                 "decision": "resubmit", "dry_run": true}
                                                """)
                            }))
    @APIResponse(
            responseCode = "202",
            description = "The jobs are chosen; Location tells how far it has come",
            content = @Content(schema = @Schema(implementation = ResolutionView.class)))
    @APIResponse(
            responseCode = "200",
            description = "A dry run: nothing is kept, and id is null",
            content = @Content(schema = @Schema(implementation = ResolutionView.class)))
    public Response post(InputStream body, @Context HttpHeaders headers, @Context UriInfo uri) {
        return make(body, headers, uri);
    }

    @Override
    BulkCall read(UUID id, JsonNode body) {
        return ResolutionRequest.of(id, body);
    }

    @Override
    ResolutionView view(@Nullable UUID id, Progress progress) {
        return ResolutionView.of(id, progress);
    }
}
