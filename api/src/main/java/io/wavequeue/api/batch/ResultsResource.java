package io.wavequeue.api.batch;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.wavequeue.api.http.JobId;
import io.wavequeue.api.http.Problem;
import io.wavequeue.store.BatchTakes;
import io.wavequeue.store.BatchTakes.NamedBatch;
import io.wavequeue.store.view.JobCursor;
import io.wavequeue.store.view.JobViews;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.UriInfo;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
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

/**
 * What a batch made, as a file. It is written while it is read, a page at a time, each page in a transaction of its own: a
 * slow reader keeps none open.
 */
@Path("/v1/batches/{id}/results")
@RunOnVirtualThread
@Tag(name = "batches")
public class ResultsResource {
    private static final String THING = "batch";
    private static final int PAGE = 1_000;

    private final JobViews jobs;
    private final BatchTakes takes;
    private final ObjectMapper json;

    ResultsResource(JobViews jobs, BatchTakes takes, ObjectMapper json) {
        this.jobs = jobs;
        this.takes = takes;
        this.json = json;
    }

    @GET
    @Operation(
            operationId = "getBatchResults",
            summary = "What a batch made, as a file",
            description =
                    "Its jobs in the order of the file in which they came, as they are when their page is read. An answer that breaks"
                            + " off, without its last chunk, is not whole: ask again.")
    @Parameter(
            name = ResultsRequest.FORMAT,
            in = ParameterIn.QUERY,
            description =
                    "jsonl: a job on each line. csv: a row per output. wwise: a tab-delimited file that Wwise imports the"
                            + " archived outputs from",
            schema =
                    @Schema(
                            type = SchemaType.STRING,
                            enumeration = {"jsonl", "csv", "wwise"},
                            defaultValue = "jsonl"))
    @Parameter(
            name = ResultsRequest.ONLY,
            in = ParameterIn.QUERY,
            description = "jsonl and csv: the jobs that failed or are held",
            schema =
                    @Schema(
                            type = SchemaType.STRING,
                            enumeration = {"errors"}))
    @Parameter(
            name = ResultsRequest.ROOT,
            in = ParameterIn.QUERY,
            description =
                    "wwise: the folder of outputs as the machine with Wwise names it; without it paths are relative to the"
                            + " import file",
            example = "D:\\wavequeue-data\\outputs")
    @Parameter(
            name = ResultsRequest.PARENT,
            in = ParameterIn.QUERY,
            description = "wwise: the object below which sounds and containers are made",
            schema = @Schema(type = SchemaType.STRING, defaultValue = WwiseTarget.USUAL_PARENT))
    @APIResponse(
            responseCode = "200",
            description = "The file; Content-Disposition has a name for it",
            content = {
                @Content(mediaType = "application/x-ndjson", schema = @Schema(type = SchemaType.STRING)),
                @Content(mediaType = "text/csv", schema = @Schema(type = SchemaType.STRING)),
                @Content(
                        mediaType = "text/tab-separated-values",
                        schema = @Schema(type = SchemaType.STRING),
                        examples =
                                @ExampleObject(
                                        name = "a cue with two takes",
                                        value =
                                                "Audio File\tObject Path\tOriginalsSubFolder\r\n2026-01-31\\019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d11_0.wav\t\\Actor-Mixer"
                                                        + " Hierarchy\\Default Work Unit\\<Random Container>rain\\<Sound SFX>rain_01\tforest\r\n"))
            })
    @APIResponse(
            responseCode = "400",
            description = "A parameter is wrong; all of them are listed",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "404",
            description = "No batch has this id",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Response get(
            @PathParam("id") @Schema(type = SchemaType.STRING, format = "uuid") String id,
            @Context UriInfo uri,
            @Context Request request) {
        ResultsRequest asked = ResultsRequest.of(uri);
        NamedBatch batch = takes.batch(JobId.ofPath(id, THING)).orElseThrow(() -> JobId.unknown(id, THING));
        Response.ResponseBuilder answer = Response.ok()
                .header(HttpHeaders.CONTENT_TYPE, asked.form().contentType())
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + asked.fileName(batch) + "\"");
        if (!request.getMethod().equals(HttpMethod.HEAD)) {
            answer.entity((StreamingOutput) to -> write(asked, batch, to));
        }
        return answer.build();
    }

    private void write(ResultsRequest asked, NamedBatch batch, OutputStream to) throws IOException {
        Writer text = new BufferedWriter(new OutputStreamWriter(to, StandardCharsets.UTF_8));
        ResultFile file = file(asked, batch);
        file.begin(text);
        @Nullable JobCursor next = null;
        do {
            JobViews.Page page = jobs.ofBatch(batch.id(), asked.statuses(), next, PAGE);
            file.add(page.jobs(), text);
            next = page.next();
        } while (next != null);
        text.flush();
    }

    private ResultFile file(ResultsRequest asked, NamedBatch batch) {
        return switch (asked.form()) {
            case JSONL -> new ResultsJsonl(json);
            case CSV -> new ResultsCsv();
            case WWISE -> WwiseFile.of(takes, asked.wwise(), batch);
        };
    }
}
