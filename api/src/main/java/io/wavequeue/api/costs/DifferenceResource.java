package io.wavequeue.api.costs;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.wavequeue.api.http.JobId;
import io.wavequeue.api.http.Problem;
import io.wavequeue.api.http.ProblemException;
import io.wavequeue.api.http.ProblemKind;
import io.wavequeue.api.http.QueryReader;
import io.wavequeue.dispatch.Dispatcher;
import io.wavequeue.store.PriceStopStore;
import io.wavequeue.store.view.DifferenceViews;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;

/** Where the provider's bill differs from what we know. */
@Path("/v1/costs/differences")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "costs")
public class DifferenceResource {
    private static final Logger LOG = Logger.getLogger(DifferenceResource.class);
    private static final String THING = "difference";
    private static final Pattern ID = Pattern.compile("[1-9][0-9]{0,17}");

    private final DifferenceViews differences;
    private final PriceStopStore prices;
    private final Dispatcher dispatcher;

    DifferenceResource(DifferenceViews differences, PriceStopStore prices, Dispatcher dispatcher) {
        this.differences = differences;
        this.prices = prices;
        this.dispatcher = dispatcher;
    }

    @GET
    @Operation(
            operationId = "listCostDifferences",
            summary = "Where the provider's bill differs from what we know",
            description =
                    "Found by the workers, which read the bill every minute. They resolve themselves when the cause is gone."
                            + " One that stops its model stays until its price is accepted, or the excess came back.")
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
                                                    {"items": [{"id": 12, "kind": "refund_missing",
                                                                "prediction_id": "0f3b9c6a51e24c8e8f1d6a7b2c3d4e5f",
                                                                "job_id": "019b3f6e-5a70-7c3e-9d0b-2f6c1a8e4d11",
                                                                "model": "stability-ai/stable-audio-3/music",
                                                                "expected_usd": 0, "billed_usd": 0.0217,
                                                                "stops_model": false,
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

    @POST
    @Path("/{id}/accept")
    @Operation(
            operationId = "acceptCostDifference",
            summary = "Accepts the price that stopped a model",
            description =
                    "The model's jobs go on. From now on it is reserved, and may be charged, at the catalogue's price times what the"
                            + " bill has more; a still higher charge stops it again. Differences of the model that ask for no more"
                            + " are resolved as well.")
    @APIResponse(
            responseCode = "200",
            description = "The difference, resolved",
            content = @Content(schema = @Schema(implementation = DifferencePage.Item.class)))
    @APIResponse(
            responseCode = "404",
            description = "No difference has this id",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "409",
            description = "It stops no model, or was resolved before",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public DifferencePage.Item accept(
            @PathParam("id") @Schema(type = SchemaType.INTEGER) String id, @Context UriInfo uri) {
        QueryReader.refuseAll(uri);
        long difference = ID.matcher(id).matches() ? Long.parseLong(id) : 0;
        return switch (prices.accept(difference)) {
            case ACCEPTED -> {
                DifferencePage.Item accepted =
                        DifferencePage.Item.of(differences.find(difference).orElseThrow());
                LOG.warnf(
                        "a person accepted that %s is charged USD %s where USD %s was expected",
                        accepted.model(), accepted.billedUsd(), accepted.expectedUsd());
                dispatcher.wake();
                yield accepted;
            }
            case RESOLVED ->
                throw new ProblemException(
                        ProblemKind.NOTHING_TO_ACCEPT,
                        "the difference is resolved; GET /v1/costs/differences?kind=other_price lists those that are open");
            case STOPS_NOTHING ->
                throw new ProblemException(
                        ProblemKind.NOTHING_TO_ACCEPT,
                        "only a charge above what was reserved stops a model (stops_model), and can be accepted unless the catalogue's price is 0");
            case UNKNOWN -> throw JobId.unknown(id, THING);
        };
    }
}
