package io.wavequeue.api.models;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.wavequeue.admission.Shown;
import io.wavequeue.api.http.Problem;
import io.wavequeue.api.http.ProblemException;
import io.wavequeue.api.http.ProblemKind;
import io.wavequeue.api.http.QueryReader;
import io.wavequeue.catalogue.Catalogue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The models that can be asked for. */
@Path("/v1/models")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "models")
public class ModelResource {
    private final Catalogue catalogue;

    ModelResource(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /** All models. */
    @Schema(name = "Models")
    record ModelList(List<ModelView> items) {}

    @GET
    @Operation(operationId = "listModels", summary = "Every model, by id: schema, price and limits")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = ModelList.class)))
    public Object list(@Context UriInfo uri) {
        QueryReader.refuseAll(uri);
        return new ModelList(catalogue.models().stream().map(ModelView::of).toList());
    }

    @GET
    @Path("/{model: .+}")
    @Operation(operationId = "getModel", summary = "One model: schema, price and limits")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = ModelView.class)))
    @APIResponse(
            responseCode = "404",
            description = "No such model; the nearest id is told",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Object get(
            @Parameter(
                            description = "The id; its slashes are part of the path",
                            example = "stability-ai/stable-audio-3/music")
                    @PathParam("model")
                    String model,
            @Context UriInfo uri) {
        QueryReader.refuseAll(uri);
        return catalogue.find(model).map(ModelView::of).orElseThrow(() -> {
            String hint = catalogue
                    .nearest(model)
                    .map(nearest -> "; did you mean \"" + nearest + "\"?")
                    .orElse("; GET /v1/models lists them");
            return new ProblemException(
                    ProblemKind.NOT_FOUND, "there is no model \"" + Shown.name(model) + "\"" + hint);
        });
    }
}
