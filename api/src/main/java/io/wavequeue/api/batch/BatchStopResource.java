package io.wavequeue.api.batch;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.wavequeue.api.http.JobId;
import io.wavequeue.api.http.JsonBody;
import io.wavequeue.api.http.Problem;
import io.wavequeue.api.http.ProblemException;
import io.wavequeue.api.http.ProblemKind;
import io.wavequeue.api.http.QueryReader;
import io.wavequeue.dispatch.BatchFollower;
import io.wavequeue.job.BatchStop;
import io.wavequeue.store.BatchStopStore;
import io.wavequeue.store.BatchStore;
import io.wavequeue.store.BatchStore.Batch;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Stops batches, lets them go on, and bounds what they cost. */
@Path("/v1/batches")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "batches")
public class BatchStopResource {
    private static final Logger LOG = Logger.getLogger(BatchStopResource.class);
    private static final String THING = "batch";

    private final BatchStopStore stops;
    private final BatchStore batches;
    private final BatchFollower follower;

    BatchStopResource(BatchStopStore stops, BatchStore batches, BatchFollower follower) {
        this.stops = stops;
        this.batches = batches;
        this.follower = follower;
    }

    /** The body of {@code PATCH}, for the API's description. */
    @Schema(name = "BatchPatch")
    record Patch(
            @Schema(
                    required = true,
                    nullable = true,
                    minimum = "0",
                    exclusiveMinimum = true,
                    description = "What the batch may cost; null = no limit")
            BigDecimal budgetUsd) {}

    @POST
    @Path("/{id}/pause")
    @Operation(
            operationId = "pauseBatch",
            summary = "Holds a batch for now",
            description =
                    "None of its jobs is submitted after the answer, however many there are; what is under way is followed to its"
                            + " end. The jobs themselves become held within seconds. A batch that is paused already stays so.")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = BatchView.class)))
    @APIResponse(
            responseCode = "404",
            description = "No batch has this id",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "409",
            description = "It is cancelled, or all of its jobs have ended",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public BatchView pause(
            @PathParam("id") @Schema(type = SchemaType.STRING, format = "uuid") String id, @Context UriInfo uri) {
        return change(id, uri, BatchStop.PAUSED);
    }

    @POST
    @Path("/{id}/resume")
    @Operation(
            operationId = "resumeBatch",
            summary = "Lets a paused batch go on",
            description = "A batch that is not paused goes on as it does.")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = BatchView.class)))
    @APIResponse(
            responseCode = "404",
            description = "No batch has this id",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "409",
            description = "It is cancelled, or all of its jobs have ended",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public BatchView resume(
            @PathParam("id") @Schema(type = SchemaType.STRING, format = "uuid") String id, @Context UriInfo uri) {
        return change(id, uri, null);
    }

    @POST
    @Path("/{id}/cancel")
    @Operation(
            operationId = "cancelBatch",
            summary = "Ends a batch",
            description =
                    "What waits is never submitted. What is under way is paid, or may be: it is followed to its end, its result is"
                            + " kept, and then the job is cancelled. A batch that is cancelled already stays so.")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = BatchView.class)))
    @APIResponse(
            responseCode = "404",
            description = "No batch has this id",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "409",
            description = "All of its jobs have ended",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public BatchView cancel(
            @PathParam("id") @Schema(type = SchemaType.STRING, format = "uuid") String id, @Context UriInfo uri) {
        return change(id, uri, BatchStop.CANCELLED);
    }

    @PATCH
    @Path("/{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "changeBatch",
            summary = "Says what a batch may cost",
            description =
                    "What is reserved and charged for its jobs, together, never exceeds the budget; the jobs that it does not cover are"
                            + " held. A higher budget, or none, lets them go on as far as it covers them. What is committed already"
                            + " stays so under a lower one.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = Patch.class),
                            examples = {
                                @ExampleObject(name = "budget", value = "{\"budget_usd\": 12.5}"),
                                @ExampleObject(name = "no limit", value = "{\"budget_usd\": null}")
                            }))
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = BatchView.class)))
    @APIResponse(
            responseCode = "404",
            description = "No batch has this id",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "422",
            description = "Fields are wrong; all of them are listed and nothing is changed",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public BatchView change(
            @PathParam("id") @Schema(type = SchemaType.STRING, format = "uuid") String id,
            InputStream body,
            @Context UriInfo uri) {
        QueryReader.refuseAll(uri);
        UUID batch = JobId.ofPath(id, THING);
        @Nullable BigDecimal usd = BatchBudgetReader.of(JsonBody.read(body));
        if (!stops.budget(batch, usd)) {
            throw JobId.unknown(batch, THING);
        }
        LOG.infof("batch %s: budget USD %s", batch, usd);
        follower.wake();
        return BatchView.of(find(batch));
    }

    private BatchView change(String text, UriInfo uri, @Nullable BatchStop wish) {
        QueryReader.refuseAll(uri);
        UUID id = JobId.ofPath(text, THING);
        return switch (stops.change(id, wish)) {
            case CHANGED -> {
                follower.wake();
                Batch changed = find(id);
                LOG.infof("batch %s is %s", id, changed.status());
                yield BatchView.of(changed);
            }
            case UNCHANGED -> BatchView.of(find(id));
            case ENDED -> throw ended(find(id));
            case UNKNOWN -> throw JobId.unknown(id, THING);
        };
    }

    private static ProblemException ended(Batch batch) {
        return new ProblemException(
                ProblemKind.BATCH_ENDED,
                batch.stop() == BatchStop.CANCELLED ? "the batch is cancelled" : "all jobs of the batch have ended");
    }

    private Batch find(UUID id) {
        return batches.find(id).orElseThrow(() -> JobId.unknown(id, THING));
    }
}
