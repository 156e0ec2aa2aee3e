package io.wavequeue.api.status;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.wavequeue.api.http.JobId;
import io.wavequeue.api.http.JsonBody;
import io.wavequeue.api.http.Problem;
import io.wavequeue.api.http.ProblemException;
import io.wavequeue.api.http.ProblemKind;
import io.wavequeue.api.http.QueryReader;
import io.wavequeue.dispatch.Dispatcher;
import io.wavequeue.job.SubmitDecision;
import io.wavequeue.store.CancelStore;
import io.wavequeue.store.DecisionStore;
import io.wavequeue.store.view.JobViews;
import io.wavequeue.store.view.StoredJob;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
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
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/** One job, many jobs, and no more of a job. */
@Path("/v1/jobs")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "jobs")
public class JobResource {
    private static final Logger LOG = Logger.getLogger(JobResource.class);

    private final JobViews jobs;
    private final CancelStore cancels;
    private final DecisionStore decisions;
    private final Dispatcher dispatcher;

    JobResource(JobViews jobs, CancelStore cancels, DecisionStore decisions, Dispatcher dispatcher) {
        this.jobs = jobs;
        this.cancels = cancels;
        this.decisions = decisions;
        this.dispatcher = dispatcher;
    }

    @GET
    @Path("/{id}")
    @Operation(operationId = "getJob", summary = "One job, with its attempts, outputs, cost and timings")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            schema = @Schema(implementation = JobView.class),
                            examples = @ExampleObject(name = "succeeded", value = Examples.SUCCEEDED)))
    @APIResponse(
            responseCode = "404",
            description = "No job has this id",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public JobView get(
            @PathParam("id") @Schema(type = SchemaType.STRING, format = "uuid") String id, @Context UriInfo uri) {
        QueryReader.refuseAll(uri);
        return JobView.of(find(JobId.ofPath(id)));
    }

    @GET
    @Operation(
            operationId = "listJobs",
            summary = "Jobs, newest first",
            description = "Every filter that is given must hold; a repeated status means any of them.")
    @Parameter(
            name = "id",
            in = ParameterIn.QUERY,
            description = "May be repeated, up to 1,000 times: any of them",
            schema = @Schema(type = SchemaType.ARRAY, implementation = UUID.class))
    @Parameter(
            name = "status",
            in = ParameterIn.QUERY,
            description = "May be repeated: any of them",
            schema =
                    @Schema(
                            type = SchemaType.ARRAY,
                            implementation = String.class,
                            enumeration = {
                                "queued",
                                "submitting",
                                "uncertain",
                                "running",
                                "held",
                                "succeeded",
                                "failed",
                                "cancelled"
                            }))
    @Parameter(
            name = "model",
            in = ParameterIn.QUERY,
            description = "Id of the model",
            example = "stability-ai/stable-audio-3/music")
    @Parameter(name = "batch_id", in = ParameterIn.QUERY, description = "Id of the batch")
    @Parameter(
            name = "error_class",
            in = ParameterIn.QUERY,
            description = "Why it failed or waits",
            example = "moderated")
    @Parameter(
            name = "fingerprint",
            in = ParameterIn.QUERY,
            description = "Of GET /v1/failures: failed for that cause",
            example = "6a0118800a81e762")
    @Parameter(
            name = "replay_id",
            in = ParameterIn.QUERY,
            description = "Id of a replay: the jobs that it had go, again or on, whatever became of them")
    @Parameter(name = "reference", in = ParameterIn.QUERY, description = "The caller's own name of the job")
    @Parameter(
            name = "label",
            in = ParameterIn.QUERY,
            description = "key:value; may be repeated: all of them",
            schema = @Schema(type = SchemaType.ARRAY, implementation = String.class),
            example = "scene:forest")
    @Parameter(
            name = "created_after",
            in = ParameterIn.QUERY,
            description = "Later than this",
            example = "2026-01-31T18:30:00Z")
    @Parameter(
            name = "created_before",
            in = ParameterIn.QUERY,
            description = "Earlier than this",
            example = "2026-02-01T00:00:00Z")
    @Parameter(
            name = "limit",
            in = ParameterIn.QUERY,
            schema = @Schema(type = SchemaType.INTEGER, minimum = "1", maximum = "1000", defaultValue = "50"))
    @Parameter(name = "cursor", in = ParameterIn.QUERY, description = "next_cursor of the page before")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = JobPage.class)))
    @APIResponse(
            responseCode = "400",
            description = "A parameter is wrong; all of them are listed",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public JobPage list(@Context UriInfo uri) {
        Listing listing = Listing.of(uri);
        return JobPage.of(jobs.page(listing.filter(), listing.limit()));
    }

    @POST
    @Path("/{id}/cancel")
    @Operation(
            operationId = "cancelJob",
            summary = "Stops a job",
            description =
                    "A queued or held job ends at once. One whose submit may be paid is followed to its end and archived; "
                            + "until then cancel_requested is true.")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = JobView.class)))
    @APIResponse(
            responseCode = "409",
            description = "The job has ended",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public JobView cancel(
            @PathParam("id") @Schema(type = SchemaType.STRING, format = "uuid") String id, @Context UriInfo uri) {
        QueryReader.refuseAll(uri);
        UUID job = JobId.ofPath(id);
        return switch (cancels.cancel(job)) {
            case CANCELLED, REQUESTED -> {
                MDC.put("job", job);
                LOG.info("cancel asked for");
                MDC.remove("job");
                yield JobView.of(find(job));
            }
            case TOO_LATE ->
                throw new ProblemException(
                        ProblemKind.ALREADY_ENDED,
                        "the job is " + find(job).state().status() + " and cannot be cancelled");
            case UNKNOWN -> throw JobId.unknown(job);
        };
    }

    @POST
    @Path("/{id}/resolve")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "resolveJob",
            summary = "Decides about a submit whose outcome nobody knows",
            description =
                    "For a job that is uncertain, or held as uncertain_submission. adopt: this prediction is its own, and is "
                            + "followed to its end. resubmit: it goes again, and may be charged a second time. abandon: it fails.")
    @RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = DecisionBody.class),
                            examples = {
                                @ExampleObject(
                                        name = "adopt",
                                        value =
                                                "{\"decision\": \"adopt\", \"prediction_id\": \"0871b0d0eb5c49b2839436c059271cc4\"}"),
                                @ExampleObject(name = "resubmit", value = "{\"decision\": \"resubmit\"}")
                            }))
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = JobView.class)))
    @APIResponse(
            responseCode = "409",
            description =
                    "The job's submit is not in doubt, a webhook has just settled it, or the prediction is another attempt's",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "422",
            description = "Fields are wrong; all of them are listed and nothing is changed",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public JobView resolve(
            @PathParam("id") @Schema(type = SchemaType.STRING, format = "uuid") String id,
            InputStream body,
            @Context UriInfo uri) {
        QueryReader.refuseAll(uri);
        UUID job = JobId.ofPath(id);
        SubmitDecision decision = DecisionBody.read(JsonBody.read(body));
        find(job);
        switch (decisions.decide(job, decision)) {
            case NOT_UNCERTAIN -> throw notUncertain(find(job));
            case EVIDENCE_WAITS ->
                throw new ProblemException(
                        ProblemKind.EVIDENCE_WAITS,
                        "a webhook told what became of the submit, and a worker is about to write it; look at the job in a moment");
            case PREDICTION_TAKEN ->
                throw new ProblemException(
                        ProblemKind.PREDICTION_TAKEN, "the prediction belongs to another attempt of ours");
            case DECIDED -> {
                MDC.put("job", job);
                LOG.infof("a person decided about its uncertain submit: %s", decision);
                MDC.remove("job");
                dispatcher.wake();
            }
        }
        return JobView.of(find(job));
    }

    private static ProblemException notUncertain(StoredJob job) {
        return new ProblemException(
                ProblemKind.NOT_UNCERTAIN, "the job is " + job.state().status() + ", and nothing about it is in doubt");
    }

    private StoredJob find(UUID id) {
        return jobs.find(id).orElseThrow(() -> JobId.unknown(id));
    }
}
