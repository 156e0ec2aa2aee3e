package io.wavequeue.api.status;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.wavequeue.api.http.Problem;
import io.wavequeue.api.http.QueryReader;
import io.wavequeue.store.view.CostViews;
import io.wavequeue.store.view.CostViews.GroupBy;
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

/** What jobs cost. */
@Path("/v1/costs")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "costs")
public class CostResource {
    private static final String GROUP_BY = "group_by";
    private static final String LABEL = "label:";
    private static final int LONGEST_KEY = 64;

    private final CostViews costs;

    CostResource(CostViews costs) {
        this.costs = costs;
    }

    @GET
    @Operation(
            operationId = "getCosts",
            summary = "Sums of estimated, charged and refunded money",
            description = "Days are UTC days of the jobs' creation.")
    @Parameter(
            name = GROUP_BY,
            in = ParameterIn.QUERY,
            description = "model, batch, day or label:<key>",
            schema = @Schema(type = SchemaType.STRING, defaultValue = "model"),
            example = "label:scene")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            schema = @Schema(implementation = CostsView.class),
                            examples = @ExampleObject(name = "by model", value = """
                                                    {"items": [{"key": "stability-ai/stable-audio-3/music", "jobs": 12,
                                                                "estimated_usd": 0.2604, "charged_usd": 0.2387,
                                                                "refunded_usd": null}],
                                                     "total": {"jobs": 12, "estimated_usd": 0.2604, "charged_usd": 0.2387,
                                                               "refunded_usd": null}}
                                                    """)))
    @APIResponse(
            responseCode = "400",
            description = "group_by is none of these",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public CostsView get(@Context UriInfo uri) {
        QueryReader query = QueryReader.of(uri, GROUP_BY);
        GroupBy groupBy = groupBy(query, query.one(GROUP_BY).orElse("model"));
        query.finish();
        return CostsView.of(costs.sums(groupBy));
    }

    private static GroupBy groupBy(QueryReader query, String given) {
        String key = given.startsWith(LABEL) ? given.substring(LABEL.length()) : "";
        if (!key.isEmpty() && key.length() <= LONGEST_KEY) {
            return new GroupBy.ByLabel(key);
        }
        return switch (given) {
            case "model" -> new GroupBy.ByModel();
            case "batch" -> new GroupBy.ByBatch();
            case "day" -> new GroupBy.ByDay();
            default -> {
                query.refuse(GROUP_BY, "is not known; use model, batch, day or label:<key>");
                yield new GroupBy.ByModel();
            }
        };
    }
}
