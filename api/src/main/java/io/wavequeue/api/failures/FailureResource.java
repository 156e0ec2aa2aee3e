package io.wavequeue.api.failures;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.wavequeue.api.http.Problem;
import io.wavequeue.api.http.QueryReader;
import io.wavequeue.api.status.JobFilterReader;
import io.wavequeue.api.status.PageReader;
import io.wavequeue.store.FailureStore;
import io.wavequeue.store.view.JobFilter;
import io.wavequeue.wiring.WavequeueConfig;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What failed, by its cause. */
@Path("/v1/failures")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "failures")
public class FailureResource {
    private static final int USUAL_LIMIT = 50;
    private static final int MOST = 1_000;
    private static final String LIMIT = "limit";
    private static final List<String> NAMES = Stream.concat(JobFilterReader.NAMES.stream(), Stream.of(LIMIT))
            .filter(name -> !name.equals(JobFilterReader.STATUS))
            .toList();
    private static final Map<String, String> ELSEWHERE = Map.of(
            JobFilterReader.STATUS,
            "is not taken here: these are the failed jobs; GET /v1/jobs lists those of any status");

    private final FailureStore failures;
    private final int maxReplays;

    FailureResource(FailureStore failures, WavequeueConfig config) {
        this.failures = failures;
        this.maxReplays = config.maxReplays();
    }

    @GET
    @Operation(
            operationId = "listFailures",
            summary = "Failed jobs by their cause, those of most jobs first",
            description =
                    "A group is what failed of one model with one error class and one message, where ids, addresses and "
                            + "numbers in the message do not count. Its fingerprint chooses these jobs in every filter, so that they can "
                            + "be listed and replayed. Only jobs that are failed now are looked at.")
    @Parameter(
            name = "id",
            in = ParameterIn.QUERY,
            description = "May be repeated, up to 1,000 times: any of them",
            schema = @Schema(type = SchemaType.ARRAY, implementation = UUID.class))
    @Parameter(name = "model", in = ParameterIn.QUERY, description = "Id of the model")
    @Parameter(name = "batch_id", in = ParameterIn.QUERY, description = "Id of the batch")
    @Parameter(
            name = "error_class",
            in = ParameterIn.QUERY,
            description = "Why they failed",
            example = "provider_error")
    @Parameter(name = "fingerprint", in = ParameterIn.QUERY, description = "One group alone")
    @Parameter(name = "replay_id", in = ParameterIn.QUERY, description = "Id of a replay: what failed after it")
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
            description = "The job was made later than this",
            example = "2026-01-31T18:30:00Z")
    @Parameter(
            name = "created_before",
            in = ParameterIn.QUERY,
            description = "The job was made earlier than this",
            example = "2026-02-01T00:00:00Z")
    @Parameter(
            name = LIMIT,
            in = ParameterIn.QUERY,
            description = "How many groups",
            schema = @Schema(type = SchemaType.INTEGER, minimum = "1", maximum = "1000", defaultValue = "50"))
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            schema = @Schema(implementation = FailuresView.class),
                            examples = @ExampleObject(name = "one cause", value = """
                                    {"items": [{"fingerprint": "6a0118800a81e762", "error_class": "provider_timeout",
                                                "model": "stability-ai/stable-audio-3/music",
                                                "message": "prediction <id> did not end within <n> s; it may still end and is paid",
                                                "retryable": false, "jobs": 40,
                                                "first_seen": "2026-11-21T01:12:09Z", "last_seen": "2026-11-21T04:40:51Z",
                                                "estimated_usd": 0.868, "unknown_price": 0, "charged_usd": 0.868,
                                                "replayed": 12, "same_error": 12, "parked": 0,
                                                "note": "12 of 40 were replayed, up to 2 times: same error",
                                                "example": {"id": "01a1fe93-d73c-7de8-8d51-73729471e5d5",
                                                            "reference": "forest/rain_03", "batch_id": null,
                                                            "message": "prediction 2e0c106a247a4beca3f20bdfc2928f77 did not end within 3600 s; it may still end and is paid",
                                                            "failed_at": "2026-11-21T04:40:51Z"}}],
                                     "total": {"groups": 1, "jobs": 40, "estimated_usd": 0.868, "unknown_price": 0,
                                               "charged_usd": 0.868}}
                                    """)))
    @APIResponse(
            responseCode = "400",
            description = "A parameter is wrong; all of them are listed",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public FailuresView list(@Context UriInfo uri) {
        QueryReader query = QueryReader.of(uri, NAMES, ELSEWHERE);
        JobFilter filter = JobFilterReader.readAllButStatus(query).build();
        int limit = PageReader.limit(query, USUAL_LIMIT, MOST);
        query.finish();
        return FailuresView.of(failures.causes(filter, maxReplays, limit));
    }
}
