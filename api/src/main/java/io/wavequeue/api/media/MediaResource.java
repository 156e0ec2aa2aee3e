package io.wavequeue.api.media;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.wavequeue.admission.Shown;
import io.wavequeue.api.http.Problem;
import io.wavequeue.api.http.ProblemException;
import io.wavequeue.api.http.ProblemKind;
import io.wavequeue.api.http.QueryReader;
import io.wavequeue.api.media.FormReader.Part;
import io.wavequeue.api.media.MediaFolder.Kept;
import io.wavequeue.catalogue.AudioSource;
import io.wavequeue.catalogue.FieldError;
import io.wavequeue.store.MediaStore;
import io.wavequeue.store.MediaStore.Media;
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
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Source clips: given to us once, known by their content. */
@Path("/v1/media")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "media")
public class MediaResource {
    private static final Logger LOG = Logger.getLogger(MediaResource.class);
    private static final long MOST_BYTES = 50L * 1024 * 1024;
    private static final int LONGEST_NAME = 200;
    private static final int CREATED = 201;

    private final MediaFolder folder;
    private final MediaStore store;

    MediaResource(MediaFolder folder, MediaStore store) {
        this.folder = folder;
        this.store = store;
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
            InputStream body, @HeaderParam(HttpHeaders.CONTENT_TYPE) String contentType, @Context UriInfo uri) {
        QueryReader.refuseAll(uri);
        FormReader form = FormReader.of(body, contentType)
                .orElseThrow(() -> new ProblemException(
                        ProblemKind.BAD_REQUEST, "the header Content-Type names no boundary of the form's parts"));
        try {
            Part file = form.file("file")
                    .orElseThrow(() -> invalid("is required: a part with a file name, holding the clip"));
            return Response.status(CREATED).entity(keep(form, file)).build();
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
                .flatMap(sha256 -> store.find(sha256, Duration.ZERO))
                .filter(media -> folder.holds(media.sha256(), media.bytes()))
                .map(media -> new MediaView("media:" + content, media.bytes(), media.contentType()))
                .orElseThrow(() -> new ProblemException(
                        ProblemKind.NOT_FOUND,
                        "there is no clip \"" + Shown.name(content) + "\"; POST /v1/media takes it"));
    }

    /** What the first bytes and the header tell of a clip. */
    private record Told(AudioKind kind, @Nullable BigDecimal seconds) {}

    private MediaView keep(FormReader form, Part file) throws IOException {
        Kept<Told> kept = folder.keep(out -> form.copyPart(new Bounded(out)), MediaResource::told);
        String contentType = kept.found().kind().contentType();
        store.add(new Media(
                kept.sha256(),
                kept.bytes(),
                contentType,
                plain(file.filename()),
                kept.found().seconds(),
                null));
        LOG.infof("media %s kept: %s, %d bytes", kept.sha256(), contentType, kept.bytes());
        return new MediaView("media:sha256:" + kept.sha256(), kept.bytes(), contentType);
    }

    private static Told told(java.nio.file.Path clip) throws IOException {
        byte[] head;
        try (InputStream content = Files.newInputStream(clip)) {
            head = content.readNBytes(AudioKind.HEAD_BYTES);
        }
        if (head.length == 0) {
            throw invalid("is empty");
        }
        AudioKind kind = AudioKind.of(head)
                .orElseThrow(() -> new ProblemException(
                        ProblemKind.UNSUPPORTED_MEDIA_TYPE,
                        "the file's content is not audio that the models take: WAV, FLAC, MP3, Ogg, M4A, AAC or WebM"));
        return new Told(kind, ClipLength.seconds(kind, clip));
    }

    /** Ends the call when a clip is too long, before more of it is written. */
    private static final class Bounded extends FilterOutputStream {
        private long bytes;

        Bounded(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] content, int from, int length) throws IOException {
            bytes += length;
            if (bytes > MOST_BYTES) {
                throw new ProblemException(
                        ProblemKind.TOO_LARGE, "a clip may have at most %,d bytes".formatted(MOST_BYTES));
            }
            out.write(content, from, length);
        }
    }

    /** A name for people, and for the provider's upload: no folders, nothing that needs escaping. */
    private static String plain(String given) {
        String name = given.substring(Math.max(given.lastIndexOf('/'), given.lastIndexOf('\\')) + 1);
        String safe = name.replaceAll("[^\\p{L}\\p{N} ._()-]", "_").strip();
        if (safe.isEmpty()) {
            return "clip";
        }
        return safe.codePointCount(0, safe.length()) <= LONGEST_NAME
                ? safe
                : safe.substring(0, safe.offsetByCodePoints(0, LONGEST_NAME));
    }

    private static ProblemException invalid(String message) {
        return ProblemException.listing(ProblemKind.INVALID_REQUEST, List.of(new FieldError("file", message)));
    }
}
