package io.wavequeue.api.bulk;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.wavequeue.api.http.IdempotencyHeader;
import io.wavequeue.job.BulkKind;
import io.wavequeue.job.JobIds;
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
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Lets many held jobs go. */
@Path("/v1/releases")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "releases")
public class ReleaseResource extends StopResource {
    ReleaseResource(BulkDesk desk, JobIds ids) {
        super(BulkKind.RELEASE, desk, ids);
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "createRelease",
            summary = "Lets jobs go that a person held",
            description =
                    "For jobs that POST /v1/holds holds. What waits for a budget, a batch or the account goes on by itself when that is over. The jobs are chosen now and never again.")
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
                            schema = @Schema(implementation = Bodies.Stop.class)))
    @APIResponse(
            responseCode = "202",
            description = "The jobs are chosen; Location tells how far it has come",
            content = @Content(schema = @Schema(implementation = StopView.class)))
    @APIResponse(
            responseCode = "200",
            description = "A dry run: nothing is kept, and id is null",
            content = @Content(schema = @Schema(implementation = StopView.class)))
    public Response post(InputStream body, @Context HttpHeaders headers, @Context UriInfo uri) {
        return make(body, headers, uri);
    }
}
