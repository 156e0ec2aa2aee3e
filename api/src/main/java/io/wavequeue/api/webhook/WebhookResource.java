package io.wavequeue.api.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.wavequeue.api.http.JsonBody;
import io.wavequeue.api.http.Problem;
import io.wavequeue.api.http.ProblemException;
import io.wavequeue.api.http.ProblemKind;
import io.wavequeue.catalogue.FieldError;
import io.wavequeue.store.WebhookStore;
import io.wavequeue.store.WebhookStore.Telling;
import io.wavequeue.wiring.Webhooks;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/webhooks/wavespeed/{token}}: the one call that is for the provider, and so needs its signature and no key. */
@Path(Webhooks.PATH)
@RunOnVirtualThread
@Tag(name = "webhooks")
public class WebhookResource {
    private static final Logger LOG = Logger.getLogger(WebhookResource.class);
    private static final String METRIC = "wavequeue.webhooks";
    private static final Pattern PREDICTION_ID = Pattern.compile("[A-Za-z0-9_-]{4,128}");
    private static final Duration SECRET_KNOWN_IN = Duration.ofMinutes(1);

    private final Webhooks webhooks;
    private final WebhookSecrets secrets;
    private final WebhookStore store;
    private final InstantSource clock;
    private final MeterRegistry metrics;

    WebhookResource(
            Webhooks webhooks, WebhookSecrets secrets, WebhookStore store, InstantSource clock, MeterRegistry metrics) {
        this.webhooks = webhooks;
        this.secrets = secrets;
        this.store = store;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** How a webhook was answered. */
    private enum Outcome {
        KEPT,
        KNOWN,
        UNKNOWN_TOKEN,
        MALFORMED,
        BAD_SIGNATURE,
        NO_SECRET
    }

    @POST
    @Path("{token}")
    @Operation(
            operationId = "receiveWebhook",
            summary = "Takes the provider's word on a prediction",
            description =
                    "For the provider alone: it needs no API key, and a signature. Each submit names an address with a token of "
                            + "its own, so a webhook says which submit made its prediction. It is kept as evidence for submits "
                            + "whose answer was lost and changes no job by itself. Off unless WAVEQUEUE_WEBHOOK_URL is set.")
    @Parameter(name = Signature.ID, in = ParameterIn.HEADER, description = "The provider's id of the message")
    @Parameter(
            name = Signature.TIMESTAMP,
            in = ParameterIn.HEADER,
            description = "Seconds since 1970; at most 300 s from now, either way")
    @Parameter(
            name = Signature.SIGNATURE,
            in = ParameterIn.HEADER,
            description =
                    "v3, and the HMAC-SHA256 in hex over webhook-id, a dot, webhook-timestamp, a dot and the raw body; several "
                            + "are separated by spaces")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(type = SchemaType.OBJECT),
                            examples = @ExampleObject(name = "completed", value = """
                                                    {"id": "0871b0d0eb5c49b2839436c059271cc4", "status": "completed"}
                                                    """)))
    @APIResponse(responseCode = "204", description = "It is kept, or tells what is known")
    @APIResponse(
            responseCode = "400",
            description = "Signed, but not JSON",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "401",
            description = "The signature is missing, wrong, or too far from the present",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "404",
            description = "Signed, but no submit has this token; or webhooks are off",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "413",
            description = "More than 1 MiB",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "422",
            description = "Signed, but it names no prediction",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "503",
            description = "The database does not answer, or the secret is not known yet",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Response receive(
            @PathParam("token") String token,
            @HeaderParam(Signature.ID) @Nullable String id,
            @HeaderParam(Signature.TIMESTAMP) @Nullable String timestamp,
            @HeaderParam(Signature.SIGNATURE) @Nullable String signature,
            InputStream body) {
        if (!webhooks.areOn()) {
            throw new ProblemException(ProblemKind.NOT_FOUND, "webhooks are off: WAVEQUEUE_WEBHOOK_URL is not set");
        }
        String predictionId = predictionId(signedBody(id, timestamp, signature, body));
        Telling telling = isToken(token) ? store.tell(UUID.fromString(token), predictionId) : Telling.UNKNOWN_TOKEN;
        switch (telling) {
            case KEPT -> {
                count(Outcome.KEPT);
                LOG.infof("a webhook told of prediction %s, which its submit does not have yet", predictionId);
            }
            case KNOWN -> count(Outcome.KNOWN);
            case UNKNOWN_TOKEN -> {
                count(Outcome.UNKNOWN_TOKEN);
                LOG.errorf(
                        "a webhook told of prediction %s under a token that no attempt has: its submit was refused or not sent as far"
                                + " as we know, or the database was restored. Look whether it was charged: nobody follows it",
                        predictionId);
                throw new ProblemException(ProblemKind.NOT_FOUND, "no submit has this token");
            }
        }
        return Response.noContent().build();
    }

    /** Nothing of a body counts, and nothing of the database is asked for its sake, before its signature does. */
    private byte[] signedBody(
            @Nullable String id, @Nullable String timestamp, @Nullable String signature, InputStream body) {
        Signature read;
        try {
            read = Signature.of(id, timestamp, signature, clock.instant());
        } catch (ProblemException refused) {
            count(Outcome.BAD_SIGNATURE);
            throw refused;
        }
        byte[] bytes = JsonBody.bytes(body);
        List<String> valid = secrets.valid();
        if (valid.isEmpty()) {
            count(Outcome.NO_SECRET);
            LOG.warn("a webhook is refused: no worker has been told the provider's secret yet");
            throw new ProblemException(ProblemKind.NO_SECRET, "a worker asks the provider for it; try again")
                    .retryAfter(SECRET_KNOWN_IN);
        }
        if (!read.isBy(valid, bytes)) {
            count(Outcome.BAD_SIGNATURE);
            throw ProblemException.listing(
                    ProblemKind.BAD_SIGNATURE,
                    List.of(new FieldError(Signature.SIGNATURE, "was not made with this account's webhook secret")));
        }
        return bytes;
    }

    private String predictionId(byte[] body) {
        try {
            JsonNode json = JsonBody.read(body);
            String id = json.path("id").asText("");
            if (!json.path("id").isTextual() || !PREDICTION_ID.matcher(id).matches()) {
                throw ProblemException.listing(
                        ProblemKind.INVALID_REQUEST,
                        List.of(new FieldError("id", "is required: the provider's id of a prediction")));
            }
            return id;
        } catch (ProblemException unreadable) {
            count(Outcome.MALFORMED);
            LOG.warnf("a signed webhook cannot be read: %s", unreadable.getMessage());
            throw unreadable;
        }
    }

    private static boolean isToken(String text) {
        try {
            return UUID.fromString(text).toString().equals(text);
        } catch (IllegalArgumentException other) {
            return false;
        }
    }

    private void count(Outcome outcome) {
        metrics.counter(METRIC, "outcome", outcome.name().toLowerCase(Locale.ROOT))
                .increment();
    }
}
