package io.wavequeue.api.media;

import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.wavequeue.admission.Shown;
import io.wavequeue.api.http.JsonBody;
import io.wavequeue.api.http.Problem;
import io.wavequeue.api.http.ProblemException;
import io.wavequeue.api.http.ProblemKind;
import io.wavequeue.api.http.QueryReader;
import io.wavequeue.api.media.FormReader.Part;
import io.wavequeue.catalogue.AudioSource;
import io.wavequeue.catalogue.FieldError;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Source clips: given to us once, known by their content. */
@Path("/v1/media")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "media")
public class MediaResource {
    private static final String URL = "url";
    private static final int CREATED = 201;
    private static final int LONGEST_URL = 4_096;

    private final ClipIntake clips;
    private final ClipFetcher fetcher;

    MediaResource(ClipIntake clips, ClipFetcher fetcher) {
        this.clips = clips;
        this.fetcher = fetcher;
    }

    /** The body, for the API's description. */
    @Schema(name = "MediaForm")
    record Form(
            @Schema(type = SchemaType.STRING, format = "binary", required = true, description = "The clip")
            String file) {}

    @POST
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    @RequestBody(
            required = true,
            content =
                    @Content(mediaType = MediaType.MULTIPART_FORM_DATA, schema = @Schema(implementation = Form.class)))
    @Operation(
            operationId = "uploadMedia",
            summary = "Takes a source clip and gives a reference that never changes",
            description =
                    "WAV, FLAC, MP3, Ogg, M4A, AAC or WebM, at most 50 MiB, told by its content. The same content "
                            + "always gets the same reference.")
    @APIResponse(
            responseCode = "201",
            content =
                    @Content(
                            schema = @Schema(implementation = MediaView.class),
                            examples = @ExampleObject(name = "a WAV file", value = """
                                                    {"audio": "media:sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                                                     "bytes": 176444, "content_type": "audio/wav"}
                                                    """)))
    @APIResponse(
            responseCode = "413",
            description = "More than 50 MiB",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "415",
            description = "Not audio",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "422",
            description = "No file, or an empty one",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Response upload(
            InputStream body, @HeaderParam(HttpHeaders.CONTENT_TYPE) String contentType, @Context UriInfo uri)
            throws InterruptedException {
        QueryReader.refuseAll(uri);
        FormReader form = FormReader.of(body, contentType)
                .orElseThrow(() -> new ProblemException(
                        ProblemKind.BAD_REQUEST, "the header Content-Type names no boundary of the form's parts"));
        try {
            Part file = form.file("file")
                    .orElseThrow(() -> invalid("is required: a part with a file name, holding the clip"));
            return Response.status(CREATED)
                    .entity(clips.keep(form::copyPart, file.filename()))
                    .build();
        } catch (ClipRefusedException refused) {
            throw switch (refused.fault()) {
                case EMPTY -> invalid(refused.reason());
                case NOT_AUDIO ->
                    new ProblemException(ProblemKind.UNSUPPORTED_MEDIA_TYPE, "the file's content " + refused.reason());
                case TOO_LARGE -> new ProblemException(ProblemKind.TOO_LARGE, "a clip " + refused.reason());
            };
        } catch (BrokenFormException e) {
            throw new ProblemException(ProblemKind.BAD_REQUEST, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @GET
    @Path("/{content}")
    @Operation(
            operationId = "findMedia",
            summary = "Whether a clip is here already",
            description =
                    "By its content, so that it need not be uploaded again. content is sha256: and 64 lower-case hex digits.")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = MediaView.class)))
    @APIResponse(
            responseCode = "404",
            description = "It is not, or no longer: upload it",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public MediaView find(
            @PathParam("content") @Schema(type = SchemaType.STRING) String content, @Context UriInfo uri) {
        QueryReader.refuseAll(uri);
        return AudioSource.mediaSha256("media:" + content)
                .flatMap(clips::find)
                .orElseThrow(() -> new ProblemException(
                        ProblemKind.NOT_FOUND,
                        "there is no clip \"" + Shown.name(content) + "\"; POST /v1/media takes it"));
    }

    /** The JSON body, for the API's description. */
    @Schema(name = "MediaAddress")
    record Address(
            @Schema(required = true, examples = "https://assets.example.com/sword_hit.wav")
            String url) {}

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RequestBody(
            required = true,
            content =
                    @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = Address.class)))
    @Operation(
            operationId = "fetchMedia",
            summary = "Fetches a source clip and gives a reference that never changes",
            description =
                    "The same as an upload, of what an http or https URL gives: at most 50 MiB within a minute. Addresses that are "
                            + "not public are refused unless the installation allows them.")
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = MediaView.class)))
    @APIResponse(
            responseCode = "422",
            description = "The URL is not one that is fetched from, or there is no clip to be had from it",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Response fetch(InputStream body, @Context HttpHeaders headers, @Context UriInfo uri)
            throws InterruptedException {
        QueryReader.refuseAll(uri);
        JsonBody.require(headers);
        URI url = url(JsonBody.read(body));
        try {
            MediaView kept = clips.keep(out -> fetcher.fetch(url, out), String.valueOf(url.getPath()));
            return Response.status(CREATED).entity(kept).build();
        } catch (ClipRefusedException refused) {
            throw unusable(ProblemKind.NOT_FETCHED, url, "gives a clip that " + refused.reason());
        } catch (FetchFailedException failed) {
            ProblemKind kind = failed.isRefused() ? ProblemKind.INVALID_REQUEST : ProblemKind.NOT_FETCHED;
            throw unusable(kind, url, failed.reason());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static URI url(JsonNode body) {
        List<FieldError> errors = new ArrayList<>();
        if (!body.isObject()) {
            throw ProblemException.listing(
                    ProblemKind.INVALID_REQUEST,
                    List.of(new FieldError("", Shown.value(body) + " is not allowed; it must be an object with url")));
        }
        body.fieldNames().forEachRemaining(name -> {
            if (!name.equals(URL)) {
                errors.add(new FieldError(Shown.name(name), "unknown field; there is only url"));
            }
        });
        JsonNode url = body.path(URL);
        if (!url.isTextual()) {
            String given = url.isMissingNode() ? "is required" : Shown.value(url) + " is not allowed";
            errors.add(new FieldError(URL, given + ": an http or https URL of a clip"));
        } else {
            problem(url.textValue()).ifPresent(reason -> errors.add(new FieldError(URL, reason)));
        }
        if (!errors.isEmpty()) {
            throw ProblemException.listing(ProblemKind.INVALID_REQUEST, errors);
        }
        return URI.create(url.textValue());
    }

    /** What can be said of the text alone. It is not shown: what is no URL may hold a secret anywhere. */
    private static Optional<String> problem(String text) {
        if (text.length() > LONGEST_URL) {
            return Optional.of("is longer than " + LONGEST_URL + " characters");
        }
        return AudioSource.mediaSha256(text).isPresent()
                ? Optional.of("is a reference to a clip that is kept here already; give it as the model's audio")
                : AudioSource.problem(text).map(reason -> reason.replaceFirst("; allowed: .*", ""));
    }

    /** The URL without what may be a secret: user, password, query. */
    private static ProblemException unusable(ProblemKind kind, URI url, String reason) {
        String port = url.getPort() < 0 ? "" : ":" + url.getPort();
        String path = url.getRawPath() == null ? "" : url.getRawPath();
        String query = url.getRawQuery() == null ? "" : "?…";
        String shown = Shown.name(url.getScheme() + "://" + url.getHost() + port + path) + query;
        return ProblemException.listing(kind, List.of(new FieldError(URL, "\"" + shown + "\" " + reason)));
    }

    private static ProblemException invalid(String message) {
        return ProblemException.listing(ProblemKind.INVALID_REQUEST, List.of(new FieldError("file", message)));
    }
}
