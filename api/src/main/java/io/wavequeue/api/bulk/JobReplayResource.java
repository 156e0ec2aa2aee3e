package io.wavequeue.api.bulk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.wavequeue.api.http.IdempotencyHeader;
import io.wavequeue.api.http.JobId;
import io.wavequeue.api.http.JsonBody;
import io.wavequeue.api.http.Problem;
import io.wavequeue.api.http.QueryReader;
import io.wavequeue.api.status.JobView;
import io.wavequeue.dispatch.Dispatcher;
import io.wavequeue.job.BulkKind;
import io.wavequeue.job.JobIds;
import io.wavequeue.store.BulkChoice;
import io.wavequeue.store.BulkOrder;
import io.wavequeue.store.view.JobFilter;
import io.wavequeue.store.view.JobViews;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.util.List;
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

/** One job that ended goes again: a replay of one, carried out within the call. */
@Path("/v1/jobs/{id}/replay")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "jobs")
public class JobReplayResource {
    private final BulkDesk desk;
    private final JobViews jobs;
    private final JobIds ids;
    private final Dispatcher dispatcher;

    JobReplayResource(BulkDesk desk, JobViews jobs, JobIds ids, Dispatcher dispatcher) {
        this.desk = desk;
        this.jobs = jobs;
        this.ids = ids;
        this.dispatcher = dispatcher;
    }

    @POST
    @Consumes(MediaType.WILDCARD)
    @Operation(
            operationId = "replayJob",
            summary = "Has a job go again that failed, was cancelled or lost an output",
            description =
                    "Under its own id, as a new attempt, which is charged. The record is at GET /v1/replays. Without a body it goes"
                            + " as it was. A repeated call with the same Idempotency-Key replays it once, and tells how it is by then.")
    @Parameter(
            name = IdempotencyHeader.NAME,
            in = ParameterIn.HEADER,
            description = "1 to 255 visible ASCII characters of the caller's choice",
            schema = @Schema(type = SchemaType.STRING))
    @RequestBody(
            required = false,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = Bodies.JobReplay.class),
                            examples =
                                    @ExampleObject(
                                            name = "with a corrected input",
                                            value = "{\"input_overrides\": {\"duration\": 30}}")))
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = JobView.class)))
    @APIResponse(
            responseCode = "409",
            description =
                    "It is not replayed: reason says why, can_be_forced whether naming it in force goes on all the same",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "404",
            description = "No job has this id",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "503",
            description = "library_busy: a batch of a library is being made; Retry-After says when to ask again",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "422",
            description = "Fields are wrong, or the model does not take the changed input; all of it is listed",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Response post(
            @PathParam("id") @Schema(type = SchemaType.STRING, format = "uuid") String id,
            InputStream body,
            @Context HttpHeaders headers,
            @Context UriInfo uri) {
        QueryReader.refuseAll(uri);
        UUID job = JobId.ofPath(id);
        BulkOrder order = order(job, JsonBody.bytes(body));
        if (jobs.find(job).isEmpty()) {
            throw JobId.unknown(job);
        }
        JobFilter filter = JobFilter.builder().ids(List.of(job)).build();
        Response done = desk.one(
                order,
                BulkChoice.of(BulkKind.REPLAY, filter),
                "POST /v1/jobs/{id}/replay",
                IdempotencyHeader.of(headers));
        dispatcher.wake();
        JobView now = jobs.find(job).map(JobView::of).orElseThrow(() -> JobId.unknown(job));
        return Response.fromResponse(done).entity(now).build();
    }

    private BulkOrder order(UUID job, byte[] given) {
        JsonNode body = given.length == 0 ? JsonNodeFactory.instance.objectNode() : JsonBody.read(given);
        BodyFields fields = BodyFields.ofOne(body, List.of(BulkOrder.OVERRIDES, BulkOrder.FORCE));
        ReplayRequest.checkOverrides(fields);
        ReplayRequest.checkForce(fields);
        BulkOrder order = fields.order(ids.next(), BulkKind.REPLAY, null);
        ((ObjectNode) order.request()).putObject(BodyFields.FILTER).put("id", job.toString());
        return order;
    }
}
