package io.wavequeue.api.batch;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import io.wavequeue.api.http.JobId;
import io.wavequeue.api.http.Problem;
import io.wavequeue.api.http.ProblemException;
import io.wavequeue.api.http.ProblemKind;
import io.wavequeue.api.http.QueryReader;
import io.wavequeue.store.BatchEvents.Place;
import io.wavequeue.store.BatchStore;
import io.wavequeue.store.BatchStore.Batch;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.UriInfo;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** A batch's events while they happen. */
@Path("/v1/batches/{id}/events")
@RunOnVirtualThread
@Tag(name = "batches")
public class BatchEventsResource {
    private static final String THING = "batch";

    private final BatchStore batches;
    private final BatchStreams streams;

    BatchEventsResource(BatchStore batches, BatchStreams streams) {
        this.batches = batches;
        this.streams = streams;
    }

    @GET
    @Operation(
            operationId = "getBatchEvents",
            summary = "A batch's events, while they happen",
            description =
                    "Server-sent events. progress: the batch, when it has changed, at most once a second. job: a job that ended, or"
                            + " whose outputs are archived, as it is then. done: the batch, when every job has ended and its"
                            + " outputs are archived; then the stream ends. A comment comes when there was nothing for 15 s.")
    @Parameter(
            name = HttpHeaders.LAST_EVENT_ID_HEADER,
            in = ParameterIn.HEADER,
            description =
                    "The id of the last event that came: those of jobs go on behind it. Without it they begin now. When it is that"
                            + " of done, and the batch still is, the answer is 204",
            schema = @Schema(type = SchemaType.STRING))
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            mediaType = MediaType.SERVER_SENT_EVENTS,
                            schema = @Schema(type = SchemaType.STRING),
                            examples = @ExampleObject(name = "the end of a batch", value = """
                                    event: progress
                                    data: {"id":"019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d11","status":"running",…}

                                    id: 81234-990
                                    event: job
                                    data: {"id":"019b3f6e-5b11-7d02-8a1f-6b7c8d9e0f12","status":"succeeded",…}

                                    id: done
                                    event: done
                                    data: {"id":"019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d11","status":"done",…}
                                    """)))
    @APIResponse(responseCode = "204", description = "Nothing has come since done")
    @APIResponse(
            responseCode = "400",
            description = "Last-Event-ID is no id of these events, or there are parameters",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "404",
            description = "No batch has this id",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "503",
            description = "As many streams are open as WAVEQUEUE_STREAMS_MAX allows; Retry-After is told",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Response get(
            @PathParam("id") @Schema(type = SchemaType.STRING, format = "uuid") String id,
            @Context UriInfo uri,
            @Context HttpHeaders headers,
            @Context Request request,
            @Context RoutingContext call) {
        QueryReader.refuseAll(uri);
        String last = headers.getHeaderString(HttpHeaders.LAST_EVENT_ID_HEADER);
        boolean hadDone = StreamEvent.DONE.equals(last);
        @Nullable Place from = last == null || last.isEmpty() || hadDone ? null : place(last);
        Batch batch = batches.find(JobId.ofPath(id, THING)).orElseThrow(() -> JobId.unknown(id, THING));
        if (hadDone && batch.endedAt() != null) {
            return Response.noContent().build();
        }
        Response.ResponseBuilder answer = Response.ok()
                .header(HttpHeaders.CONTENT_TYPE, MediaType.SERVER_SENT_EVENTS)
                .header(HttpHeaders.CACHE_CONTROL, "no-store");
        if (!request.getMethod().equals(HttpMethod.HEAD)) {
            BatchStream stream = streams.open(
                    batch.id(), from, () -> call.request().connection().close());
            call.addEndHandler(ended -> stream.close());
            answer.entity((StreamingOutput) stream::writeTo);
        }
        return answer.build();
    }

    private static Place place(String last) {
        return Place.parse(last)
                .orElseThrow(() -> new ProblemException(
                        ProblemKind.BAD_HEADER,
                        HttpHeaders.LAST_EVENT_ID_HEADER
                                + " must be the id of an event of this stream, or be left out"));
    }
}
