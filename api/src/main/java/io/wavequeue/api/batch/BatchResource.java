package io.wavequeue.api.batch;

import io.smallrye.common.annotation.Blocking;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.wavequeue.api.http.IdempotencyHeader;
import io.wavequeue.api.http.JobId;
import io.wavequeue.api.http.KeyedAnswer;
import io.wavequeue.api.http.Problem;
import io.wavequeue.api.http.QueryReader;
import io.wavequeue.api.intake.JobRequestBody;
import io.wavequeue.api.status.PageReader;
import io.wavequeue.store.BatchStore;
import io.wavequeue.store.BatchStore.Batch;
import io.wavequeue.store.view.JobCursor;
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
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
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
import org.jspecify.annotations.Nullable;

/** Batches: jobs that come in one file. */
@Path("/v1/batches")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "batches")
public class BatchResource {
    private static final String THING = "batch";
    private static final int USUAL_LIMIT = 20;
    private static final int MOST = 100;

    private final BatchDesk desk;
    private final BatchStore store;

    BatchResource(BatchDesk desk, BatchStore store) {
        this.desk = desk;
        this.store = store;
    }

    /** On a thread of its own: a file is seconds of computing, and virtual threads share as many as there are processors. */
    @POST
    @Blocking
    @Consumes({ManifestForm.TEXT_CSV, ManifestForm.APPLICATION_NDJSON, MediaType.APPLICATION_JSON})
    @Operation(
            operationId = "createBatch",
            summary = "Takes a file of jobs, all of it or nothing",
            description =
                    "Every line is checked and priced before anything is kept; 202 means that all of its jobs are durable. The lines of"
                            + " NDJSON and the elements of a JSON array are bodies of POST /v1/jobs. The columns of CSV are model,"
                            + " reference, lane, max_attempts, labels.<key>, the models' inputs by name (or input, an object of them),"
                            + " takes, output and reuse, in any order; an empty cell is left out. UTF-8, separated by comma,"
                            + " semicolon or tab. takes: how many renderings, 1 to 100. output: how their files are named in the"
                            + " library, such as {category}/{reference}_{take:02}.{ext}. reuse: false = archived results of the same"
                            + " work may not serve.")
    @Parameter(
            name = BatchRequest.NAME,
            in = ParameterIn.QUERY,
            description = "The library that the batch is for",
            schema = @Schema(type = SchemaType.STRING, maxLength = 200))
    @Parameter(
            name = BatchRequest.LANE,
            in = ParameterIn.QUERY,
            description = "Of the lines that name none",
            schema =
                    @Schema(
                            type = SchemaType.STRING,
                            enumeration = {"interactive", "bulk"},
                            defaultValue = "bulk"))
    @Parameter(
            name = BatchBudgetReader.NAME,
            in = ParameterIn.QUERY,
            description = "What all of it may cost; the jobs that it does not cover are held. At most 6 places",
            schema = @Schema(type = SchemaType.NUMBER, minimum = "0", exclusiveMinimum = true))
    @Parameter(
            name = BatchRequest.DRY_RUN,
            in = ParameterIn.QUERY,
            description =
                    "true: answers with a plan and enqueues nothing. A cue is known to the library by its reference",
            schema = @Schema(type = SchemaType.BOOLEAN, defaultValue = "false"))
    @Parameter(
            name = BatchRequest.PLAN,
            in = ParameterIn.QUERY,
            description =
                    "Makes only what this plan names. With the same file and parameters as the plan; refused when catalogue or library"
                            + " are not as they were. Applied again it answers with its batch",
            schema = @Schema(type = SchemaType.STRING, format = "uuid"))
    @Parameter(
            name = BatchRequest.REUSE,
            in = ParameterIn.QUERY,
            description = "Of plans: whether archived results of the same work may serve, for nothing",
            schema = @Schema(type = SchemaType.BOOLEAN, defaultValue = "true"))
    @Parameter(
            name = BatchRequest.RETAKE,
            in = ParameterIn.QUERY,
            description =
                    "Of plans: verdicts and reasons of archived audio, separated by commas, because of which a take is made again",
            example = "broken,silent",
            schema = @Schema(type = SchemaType.STRING))
    @Parameter(
            name = BatchRequest.MAX_RETAKES,
            in = ParameterIn.QUERY,
            description = "Of plans: how often a take is made again for that",
            schema = @Schema(type = SchemaType.INTEGER, minimum = "1", maximum = "10", defaultValue = "2"))
    @Parameter(
            name = BatchRequest.UNKNOWN_PRICE,
            in = ParameterIn.QUERY,
            description = "Whether jobs may be made whose price nobody knows",
            schema =
                    @Schema(
                            type = SchemaType.STRING,
                            enumeration = {"refuse", "accept"},
                            defaultValue = "refuse"))
    @Parameter(
            name = BatchRequest.PRICES,
            in = ParameterIn.QUERY,
            description = "Of dry runs: quote asks the provider too, for nothing, and shows both prices",
            schema =
                    @Schema(
                            type = SchemaType.STRING,
                            enumeration = {"catalogue", "quote"},
                            defaultValue = "catalogue"))
    @Parameter(
            name = IdempotencyHeader.NAME,
            in = ParameterIn.HEADER,
            description = "1 to 255 visible ASCII characters of the caller's choice",
            schema = @Schema(type = SchemaType.STRING))
    @RequestBody(
            required = true,
            content = {
                @Content(
                        mediaType = ManifestForm.TEXT_CSV,
                        schema = @Schema(type = SchemaType.STRING),
                        examples = @ExampleObject(name = "two clips", value = """
                                        reference,model,prompt,duration,labels.scene
                                        forest_01,stability-ai/stable-audio-3/music,"slow harp over rain, loopable",30,forest
                                        cave_01,stability-ai/stable-audio-3/music,dripping water,12.5,cave
                                        """)),
                @Content(
                        mediaType = ManifestForm.APPLICATION_NDJSON,
                        schema = @Schema(type = SchemaType.STRING),
                        examples = @ExampleObject(name = "two clips", value = """
                                        {"model": "stability-ai/stable-audio-3/music", "input": {"prompt": "slow harp over rain"}}
                                        {"model": "stability-ai/stable-audio-3/music", "input": {"prompt": "dripping water"}}
                                        """)),
                @Content(
                        mediaType = MediaType.APPLICATION_JSON,
                        schema = @Schema(type = SchemaType.ARRAY, implementation = JobRequestBody.class))
            })
    @APIResponse(
            responseCode = "200",
            description = "With dry_run: what the file would make",
            content = @Content(schema = @Schema(implementation = PlanView.class)))
    @APIResponse(
            responseCode = "202",
            description = "All jobs are queued; Location names the batch",
            headers = {
                @Header(name = "Location", schema = @Schema(type = SchemaType.STRING)),
                @Header(
                        name = "Idempotent-Replayed",
                        description = "true when this is the first answer again",
                        schema = @Schema(type = SchemaType.STRING))
            },
            content = @Content(schema = @Schema(implementation = BatchView.class)))
    @APIResponse(
            responseCode = "400",
            description = "A parameter is wrong, or a JSON array is not JSON; line and column are told",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "404",
            description = "The library has no such plan",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "409",
            description = "The plan would come out differently by now (plan_outdated); detail says what changed",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "413",
            description =
                    "More than WAVEQUEUE_BATCHES_MAX_BODY, which is 200 MiB unless the installation says otherwise",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "422",
            description =
                    "Lines are wrong: the first 1,000 faults with the file's own line numbers, and how many there are; or jobs have no known price (unknown_price); or the"
                            + " Idempotency-Key came with another file, form, name, lane or budget before. Nothing was enqueued",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Response post(InputStream body, @Context HttpHeaders headers, @Context UriInfo uri)
            throws InterruptedException {
        BatchRequest asked = BatchRequest.of(uri);
        ManifestForm form = ManifestForm.of(headers);
        String key = IdempotencyHeader.of(headers).orElse(null);
        try {
            return KeyedAnswer.of(desk.take(asked, form, body, key));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @GET
    @RunOnVirtualThread
    @Operation(
            operationId = "listBatches",
            summary = "Batches, newest first",
            description = "Their jobs are counted at every call: ask for few batches where they are large.")
    @Parameter(name = BatchRequest.NAME, in = ParameterIn.QUERY, description = "Of this library alone")
    @Parameter(
            name = "limit",
            in = ParameterIn.QUERY,
            schema = @Schema(type = SchemaType.INTEGER, minimum = "1", maximum = "100", defaultValue = "20"))
    @Parameter(name = "cursor", in = ParameterIn.QUERY, description = "next_cursor of the page before")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = BatchPage.class)))
    @APIResponse(
            responseCode = "400",
            description = "A parameter is wrong; all of them are listed",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public BatchPage list(@Context UriInfo uri) {
        QueryReader query = QueryReader.of(uri, BatchRequest.NAME, "limit", "cursor");
        @Nullable String name = query.one(BatchRequest.NAME).orElse(null);
        int limit = PageReader.limit(query, USUAL_LIMIT, MOST);
        @Nullable JobCursor cursor = PageReader.cursor(query);
        query.finish();
        List<Batch> newest = store.newest(name, cursor, limit + 1);
        List<Batch> page = newest.subList(0, Math.min(limit, newest.size()));
        String next = newest.size() > limit ? page.getLast().cursor().text() : null;
        return new BatchPage(page.stream().map(BatchView::of).toList(), next);
    }

    @GET
    @Path("/{id}")
    @RunOnVirtualThread
    @Operation(operationId = "getBatch", summary = "How far a batch has come, and what it cost")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = BatchView.class)))
    @APIResponse(
            responseCode = "404",
            description = "No batch has this id",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public BatchView get(
            @PathParam("id") @Schema(type = SchemaType.STRING, format = "uuid") String id, @Context UriInfo uri) {
        QueryReader.refuseAll(uri);
        return store.find(JobId.ofPath(id, THING)).map(BatchView::of).orElseThrow(() -> JobId.unknown(id, THING));
    }
}
