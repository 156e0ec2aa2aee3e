package io.wavequeue.api.intake;

import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.wavequeue.api.http.IdempotencyHeader;
import io.wavequeue.api.http.JsonBody;
import io.wavequeue.api.http.KeyedAnswer;
import io.wavequeue.api.http.Problem;
import io.wavequeue.api.http.QueryReader;
import io.wavequeue.api.status.Examples;
import io.wavequeue.api.status.JobView;
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
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code POST /v1/jobs}. */
@Path("/v1/jobs")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "jobs")
public class IntakeResource {
    private final JobIntakeDesk desk;

    IntakeResource(JobIntakeDesk desk) {
        this.desk = desk;
    }

    @POST
    @Operation(
            operationId = "createJob",
            summary = "Asks for a generation",
            description =
                    "202 means that the job is durable. With an Idempotency-Key a repeated call gets the first answer "
                            + "and makes no second job, so it is safe to send it again after a lost reply.")
    @Parameter(
            name = IdempotencyHeader.NAME,
            in = ParameterIn.HEADER,
            description = "1 to 255 visible ASCII characters of the caller's choice",
            schema = @Schema(type = SchemaType.STRING))
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = JobRequestBody.class),
                            examples = {
                                @ExampleObject(name = "music", value = """
                                                {"model": "stability-ai/stable-audio-3/music",
                                                 "input": {"prompt": "slow harp over rain, loopable", "duration": 30},
                                                 "reference": "forest_theme_01", "labels": {"scene": "forest"}}
                                                """),
                                @ExampleObject(name = "inpainting of an uploaded clip", value = """
                                                {"model": "stability-ai/stable-audio-3/audio-inpainting",
                                                 "input": {"audio": "media:sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                                                           "prompt": "a heavier sword hit", "mask_start_seconds": 1.5,
                                                           "mask_end_seconds": 2.25},
                                                 "lane": "bulk"}
                                                """)
                            }))
    @APIResponse(
            responseCode = "202",
            description = "The job is queued; Location names it",
            headers = {
                @Header(name = "Location", schema = @Schema(type = SchemaType.STRING)),
                @Header(
                        name = "Idempotent-Replayed",
                        description = "true when this is the first answer again",
                        schema = @Schema(type = SchemaType.STRING))
            },
            content =
                    @Content(
                            schema = @Schema(implementation = JobView.class),
                            examples = @ExampleObject(name = "queued", value = Examples.QUEUED)))
    @APIResponse(
            responseCode = "400",
            description = "Not JSON; line and column are told",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "413",
            description = "More than 1 MiB",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "422",
            description =
                    "Fields are wrong, all of them listed; or the Idempotency-Key came with another request before",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Response post(InputStream body, @Context HttpHeaders headers, @Context UriInfo uri) {
        QueryReader.refuseAll(uri);
        JsonBody.require(headers);
        String key = IdempotencyHeader.of(headers).orElse(null);
        JsonNode request = JsonBody.read(body);
        return KeyedAnswer.of(desk.take(request, key));
    }
}
