package io.wavequeue.api.costs;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.wavequeue.api.http.Problem;
import io.wavequeue.store.view.DifferenceViews;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
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

/** Where the provider's bill differs from what we know. */
@Path("/v1/costs/differences")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "costs")
public class DifferenceResource {
    private final DifferenceViews differences;

    DifferenceResource(DifferenceViews differences) {
        this.differences = differences;
    }

    @GET
    @Operation(
            operationId = "listCostDifferences",
            summary = "Where the provider's bill differs from what we know",
            description =
                    "Found by the workers, which read the bill every minute. They resolve themselves when the cause is gone.")
    @Parameter(
            name = "kind",
            in = ParameterIn.QUERY,
            schema =
                    @Schema(
                            type = SchemaType.STRING,
                            enumeration = {
                                "charged_twice",
                                "charged_without_job",
                                "not_ours",
                                "other_price",
                                "refund_missing"
                            }))
    @Parameter(
            name = "include_resolved",
            in = ParameterIn.QUERY,
            description = "Those whose cause is gone as well, after the open ones",
            schema = @Schema(type = SchemaType.BOOLEAN, defaultValue = "false"))
    @Parameter(
            name = "limit",
            in = ParameterIn.QUERY,
            schema = @Schema(type = SchemaType.INTEGER, minimum = "1", maximum = "1000", defaultValue = "50"))
    @Parameter(name = "cursor", in = ParameterIn.QUERY, description = "next_cursor of the page before")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            schema = @Schema(implementation = DifferencePage.class),
                            examples = @ExampleObject(name = "a refund is missing", value = """
                                                    {"items": [{"kind": "refund_missing",
                                                                "prediction_id": "0f3b9c6a51e24c8e8f1d6a7b2c3d4e5f",
                                                                "job_id": "019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d11",
                                                                "model": "stability-ai/stable-audio-3/music",
                                                                "expected_usd": 0, "billed_usd": 0.0217,
                                                                "first_seen_at": "2026-01-31T21:30:40.120Z",
                                                                "resolved_at": null}],
                                                     "next_cursor": null}
                                                    """)))
    @APIResponse(
            responseCode = "400",
            description = "A parameter is wrong; all of them are listed",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public DifferencePage list(@Context UriInfo uri) {
        DifferenceListing listing = DifferenceListing.of(uri);
        return DifferencePage.of(
                differences.page(listing.kind(), listing.includeResolved(), listing.cursor(), listing.limit()));
    }
}
