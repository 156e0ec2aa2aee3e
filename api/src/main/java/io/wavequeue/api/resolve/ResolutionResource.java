package io.wavequeue.api.resolve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.wavequeue.admission.CanonicalJson;
import io.wavequeue.api.http.IdempotencyHeader;
import io.wavequeue.api.http.JobId;
import io.wavequeue.api.http.JsonBody;
import io.wavequeue.api.http.KeyedAnswer;
import io.wavequeue.api.http.Problem;
import io.wavequeue.api.http.ProblemException;
import io.wavequeue.api.http.ProblemKind;
import io.wavequeue.api.http.QueryReader;
import io.wavequeue.job.JobIds;
import io.wavequeue.job.ResolutionStatus;
import io.wavequeue.resolve.ResolutionRunner;
import io.wavequeue.store.Idempotency.Answer;
import io.wavequeue.store.Idempotency.Key;
import io.wavequeue.store.Idempotency.Result;
import io.wavequeue.store.ResolutionStore;
import io.wavequeue.store.ResolutionStore.Progress;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
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
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;

/** Decisions about many uncertain submits at once. */
@Path("/v1/resolutions")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "resolutions")
public class ResolutionResource {
    private static final Logger LOG = Logger.getLogger(ResolutionResource.class);
    private static final String SCOPE = "POST /v1/resolutions";
    private static final String THING = "resolution";
    private static final int ACCEPTED = 202;

    private final ResolutionStore store;
    private final ResolutionRunner runner;
    private final JobIds ids;
    private final ObjectMapper json;

    ResolutionResource(ResolutionStore store, ResolutionRunner runner, JobIds ids, ObjectMapper json) {
        this.store = store;
        this.runner = runner;
        this.ids = ids;
        this.json = json;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "createResolution",
            summary = "Decides about many submits whose outcome nobody knows",
            description =
                    "For jobs that are uncertain, or held as uncertain_submission. The jobs are chosen now and never again; those"
                            + " that are no longer in doubt when their turn comes are skipped. adopt: each gets the one prediction"
                            + " that it alone may have made. resubmit: they go again, and may be charged a second time. abandon:"
                            + " they fail.")
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
                            schema = @Schema(implementation = ResolutionBody.class),
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
            headers = {
                @Header(name = "Location", schema = @Schema(type = SchemaType.STRING)),
                @Header(
                        name = "Idempotent-Replayed",
                        description = "true when this is the first answer again",
                        schema = @Schema(type = SchemaType.STRING))
            },
            content =
                    @Content(
                            schema = @Schema(implementation = ResolutionView.class),
                            examples = @ExampleObject(name = "chosen", value = """
                                                    {"id": "019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d11", "status": "planned",
                                                     "decision": "adopt", "matched": 12, "resolved": 0, "skipped": {},
                                                     "estimated_usd": 0, "by_error_class": {"uncertain_submission": 12}}
                                                    """)))
    @APIResponse(
            responseCode = "200",
            description = "A dry run: nothing is kept, and id is null",
            content = @Content(schema = @Schema(implementation = ResolutionView.class)))
    @APIResponse(
            responseCode = "422",
            description =
                    "Fields are wrong, all of them listed; or the Idempotency-Key came with another request before",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Response post(InputStream body, @Context HttpHeaders headers, @Context UriInfo uri) {
        QueryReader.refuseAll(uri);
        JsonBody.require(headers);
        Optional<String> key = IdempotencyHeader.of(headers);
        JsonNode given = JsonBody.read(body);
        ResolutionRequest request = ResolutionRequest.of(given);
        UUID id = ids.next();
        if (request.dryRun()) {
            return Response.ok(ResolutionView.ofDryRun(store.plan(id, request.decision(), request.filter())))
                    .build();
        }
        Result result = store.create(
                id,
                request.decision(),
                request.filter(),
                key.map(text -> new Key(SCOPE, text, CanonicalJson.sha256(given)))
                        .orElse(null),
                this::answer);
        if (result instanceof Result.Made) {
            LOG.infof("resolution %s: %s", id, request.decision().code());
            runner.wake();
        }
        return KeyedAnswer.of(result);
    }

    @GET
    @Path("/{id}")
    @Operation(operationId = "getResolution", summary = "How far a decision about many jobs has come")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = ResolutionView.class)))
    @APIResponse(
            responseCode = "404",
            description = "No resolution has this id",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public ResolutionView get(
            @PathParam("id") @Schema(type = SchemaType.STRING, format = "uuid") String id, @Context UriInfo uri) {
        QueryReader.refuseAll(uri);
        return find(JobId.ofPath(id, THING));
    }

    @POST
    @Path("/{id}/pause")
    @Operation(
            operationId = "pauseResolution",
            summary = "Stops it for now",
            description = "No job is changed by it after the answer, until it is resumed.")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = ResolutionView.class)))
    @APIResponse(
            responseCode = "409",
            description = "It has ended",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public ResolutionView pause(
            @PathParam("id") @Schema(type = SchemaType.STRING, format = "uuid") String id, @Context UriInfo uri) {
        return change(id, uri, ResolutionStatus.PAUSED);
    }

    @POST
    @Path("/{id}/resume")
    @Operation(operationId = "resumeResolution", summary = "Lets it go on")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = ResolutionView.class)))
    @APIResponse(
            responseCode = "409",
            description = "It has ended",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public ResolutionView resume(
            @PathParam("id") @Schema(type = SchemaType.STRING, format = "uuid") String id, @Context UriInfo uri) {
        ResolutionView resumed = change(id, uri, ResolutionStatus.RUNNING);
        runner.wake();
        return resumed;
    }

    @POST
    @Path("/{id}/abort")
    @Operation(
            operationId = "abortResolution",
            summary = "Ends it",
            description = "What was done stays done; the other jobs stay as they are.")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = ResolutionView.class)))
    @APIResponse(
            responseCode = "409",
            description = "It is done",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public ResolutionView abort(
            @PathParam("id") @Schema(type = SchemaType.STRING, format = "uuid") String id, @Context UriInfo uri) {
        return change(id, uri, ResolutionStatus.ABORTED);
    }

    private ResolutionView change(String text, UriInfo uri, ResolutionStatus next) {
        QueryReader.refuseAll(uri);
        UUID id = JobId.ofPath(text, THING);
        return switch (store.change(id, next)) {
            case CHANGED -> {
                LOG.infof("resolution %s is %s", id, next.code());
                yield find(id);
            }
            case ENDED ->
                throw new ProblemException(ProblemKind.RESOLUTION_ENDED, "the resolution is " + find(id).status());
            case UNKNOWN -> throw JobId.unknown(id, THING);
        };
    }

    private ResolutionView find(UUID id) {
        return store.find(id).map(ResolutionView::of).orElseThrow(() -> JobId.unknown(id, THING));
    }

    private Answer answer(Progress progress) {
        try {
            return new Answer(
                    ACCEPTED, "/v1/resolutions/" + progress.id(), json.writeValueAsString(ResolutionView.of(progress)));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
