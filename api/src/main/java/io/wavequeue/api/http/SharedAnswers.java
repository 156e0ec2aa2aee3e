package io.wavequeue.api.http;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.parameters.RequestBody;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.responses.APIResponses;

/** Describes the answers that calls of one form have in common, where a call does not describe them itself. */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public final class SharedAnswers implements OASFilter {
    private static final String ACCEPTED = "202";

    /** For the provider, and unlike any other: signed, and of any content type. */
    private static final String PROVIDERS = "/v1/webhooks/";

    @Override
    public void filterOpenAPI(OpenAPI api) {
        api.getPaths()
                .getPathItems()
                .forEach((path, item) -> item.getOperations().values().forEach(call -> complete(path, call)));
    }

    private static void complete(String path, Operation call) {
        if (path.startsWith(PROVIDERS)) {
            return;
        }
        APIResponses answers = call.getResponses();
        List<Parameter> parameters = parameters(call);
        boolean isJson = isJson(call.getRequestBody());
        if (path.endsWith("{id}") || path.contains("{id}/")) {
            refusal(answers, "404", "There is none of this id");
        }
        if (parameters.stream().anyMatch(parameter -> parameter.getIn() == Parameter.In.QUERY)) {
            refusal(answers, "400", "A parameter is wrong; all of them are listed");
        }
        if (isJson) {
            boolean isKeyed = parameters.stream().anyMatch(given -> IdempotencyHeader.NAME.equals(given.getName()));
            refusal(
                    answers,
                    "400",
                    "The body is not JSON (line and column are told), or a header or parameter is wrong");
            refusal(
                    answers,
                    "422",
                    "Fields are wrong, all of them listed"
                            + (isKeyed ? "; or the Idempotency-Key came with another request before" : ""));
            refusal(answers, "413", "The body is too large");
            if (Boolean.TRUE.equals(call.getRequestBody().getRequired())) {
                refusal(answers, "415", "The Content-Type is not one that the call takes");
            }
        }
        APIResponse accepted = answers.getAPIResponse(ACCEPTED);
        if (accepted != null
                && (accepted.getHeaders() == null || !accepted.getHeaders().containsKey("Location"))) {
            accepted.addHeader(
                    "Location",
                    OASFactory.createHeader()
                            .description("Where it tells how far it has come")
                            .schema(OASFactory.createSchema().addType(SchemaType.STRING)));
        }
    }

    private static List<Parameter> parameters(Operation call) {
        return call.getParameters() == null ? List.of() : call.getParameters();
    }

    private static boolean isJson(RequestBody body) {
        return body != null && body.getContent() != null && body.getContent().hasMediaType(MediaType.APPLICATION_JSON);
    }

    private static void refusal(APIResponses answers, String status, String description) {
        APIResponse described = answers.getAPIResponse(status);
        // Quarkus adds an empty 400 to calls that read a body.
        if (described == null || described.getContent() == null) {
            answers.addAPIResponse(
                    status,
                    OASFactory.createAPIResponse()
                            .description(description)
                            .content(OASFactory.createContent()
                                    .addMediaType(
                                            Problem.MEDIA_TYPE,
                                            OASFactory.createMediaType()
                                                    .schema(OASFactory.createSchema()
                                                            .ref("#/components/schemas/Problem")))));
        }
    }
}
