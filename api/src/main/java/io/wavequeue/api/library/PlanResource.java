package io.wavequeue.api.library;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.wavequeue.admission.JsonRead;
import io.wavequeue.admission.StrictJson;
import io.wavequeue.api.http.JobId;
import io.wavequeue.api.http.Problem;
import io.wavequeue.api.http.QueryReader;
import io.wavequeue.api.status.PageReader;
import io.wavequeue.store.PlanStore;
import io.wavequeue.store.PlanStore.Item;
import io.wavequeue.store.PlanStore.Plan;
import io.wavequeue.store.TakeAction;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Plans, which {@code POST /v1/batches?dry_run=true} makes. */
@Path("/v1/plans")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "libraries")
public class PlanResource {
    private static final String THING = "plan";
    private static final int USUAL_LIMIT = 100;
    private static final int MOST = 1_000;
    private static final Pattern ORDINAL = Pattern.compile("[0-9]{1,10}");

    private final PlanStore plans;

    PlanResource(PlanStore plans) {
        this.plans = plans;
    }

    @GET
    @Path("/{id}")
    @Operation(
            operationId = "getPlan",
            summary = "A plan as it was made",
            description =
                    "batch_id tells whether it was applied. Apply it with POST /v1/batches?plan=ID and the same file.")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(ref = "#/components/schemas/Plan")))
    @APIResponse(
            responseCode = "404",
            description = "No plan has this id",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public String get(
            @PathParam("id") @Schema(type = SchemaType.STRING, format = "uuid") String id, @Context UriInfo uri) {
        QueryReader.refuseAll(uri);
        return shown(find(id));
    }

    @GET
    @Path("/{id}/items")
    @Operation(
            operationId = "listPlanItems",
            summary = "The takes that a plan names",
            description = "Those that it leaves alone are not listed.")
    @Parameter(
            name = "action",
            in = ParameterIn.QUERY,
            schema =
                    @Schema(
                            type = SchemaType.STRING,
                            enumeration = {"new", "changed", "retake", "reused", "orphaned"}))
    @Parameter(
            name = "limit",
            in = ParameterIn.QUERY,
            schema = @Schema(type = SchemaType.INTEGER, minimum = "1", maximum = "1000", defaultValue = "100"))
    @Parameter(name = "cursor", in = ParameterIn.QUERY, description = "next_cursor of the page before")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = PlanItemsView.class)))
    @APIResponse(
            responseCode = "404",
            description = "No plan has this id",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public PlanItemsView items(
            @PathParam("id") @Schema(type = SchemaType.STRING, format = "uuid") String id, @Context UriInfo uri) {
        QueryReader query = QueryReader.of(uri, "action", "limit", "cursor");
        @Nullable TakeAction action = action(query);
        int limit = PageReader.limit(query, USUAL_LIMIT, MOST);
        int after = after(query);
        query.finish();
        find(id);
        UUID plan = JobId.ofPath(id, THING);
        List<Item> found = plans.items(plan, action, after, limit + 1);
        List<Item> page = found.subList(0, Math.min(limit, found.size()));
        String next = found.size() > limit ? Integer.toString(page.getLast().ordinal()) : null;
        return new PlanItemsView(page.stream().map(PlanItemsView.ItemView::of).toList(), next);
    }

    private Plan find(String id) {
        return plans.find(JobId.ofPath(id, THING)).orElseThrow(() -> JobId.unknown(id, THING));
    }

    /** As it was shown when it was made, but for what has become of it. */
    private static String shown(Plan plan) {
        @Nullable UUID batch = plan.batch();
        if (batch == null
                || !(StrictJson.read(plan.summary().getBytes(StandardCharsets.UTF_8))
                        instanceof JsonRead.Value(ObjectNode summary))) {
            return plan.summary();
        }
        return StrictJson.write(summary.put("batch_id", batch.toString()));
    }

    private static @Nullable TakeAction action(QueryReader query) {
        Optional<String> given = query.one("action");
        Optional<TakeAction> action = given.flatMap(code -> Arrays.stream(TakeAction.values())
                .filter(known -> known != TakeAction.UNCHANGED && known.code().equals(code))
                .findFirst());
        if (given.isPresent() && action.isEmpty()) {
            query.refuse(
                    "action",
                    Arrays.stream(TakeAction.values())
                            .filter(known -> known != TakeAction.UNCHANGED)
                            .map(TakeAction::code)
                            .collect(Collectors.joining(", ", "is not known; use one of ", "")));
        }
        return action.orElse(null);
    }

    private static int after(QueryReader query) {
        Optional<String> given = query.one("cursor");
        if (given.isEmpty()) {
            return -1;
        }
        if (!ORDINAL.matcher(given.get()).matches() || Long.parseLong(given.get()) > Integer.MAX_VALUE) {
            query.refuse("cursor", "is not a next_cursor of this list");
            return -1;
        }
        return Integer.parseInt(given.get());
    }
}
