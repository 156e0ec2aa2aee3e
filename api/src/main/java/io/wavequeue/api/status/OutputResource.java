package io.wavequeue.api.status;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.wavequeue.api.http.JobId;
import io.wavequeue.api.http.Problem;
import io.wavequeue.api.http.ProblemException;
import io.wavequeue.api.http.ProblemKind;
import io.wavequeue.api.http.QueryReader;
import io.wavequeue.job.JobStatus;
import io.wavequeue.storage.OutputStorage;
import io.wavequeue.storage.StorageException;
import io.wavequeue.store.view.JobViews;
import io.wavequeue.store.view.StoredJob;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The archived files. */
@Path("/v1/jobs/{id}/outputs/{n}")
@RunOnVirtualThread
@Tag(name = "jobs")
public class OutputResource {
    private static final Logger LOG = Logger.getLogger(OutputResource.class);
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,4}");
    private static final Pattern AUDIO = Pattern.compile("(?:audio|video)/[A-Za-z0-9.+-]{1,80}");
    private static final Duration ASK_AGAIN = Duration.ofSeconds(2);

    private final JobViews jobs;
    private final OutputStorage storage;

    OutputResource(JobViews jobs, OutputStorage storage) {
        this.jobs = jobs;
        this.storage = storage;
    }

    @GET
    @Operation(
            operationId = "getOutput",
            summary = "An archived file",
            description =
                    "n is the place in the job's outputs, from 0. Until the file is archived the answer is 409 not_archived with Retry-After.")
    @APIResponse(
            responseCode = "200",
            description = "The file; its ETag is its SHA-256",
            content = @Content(mediaType = "audio/*", schema = @Schema(type = SchemaType.STRING, format = "binary")))
    @APIResponse(
            responseCode = "404",
            description = "No such job, or it has no such output",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "409",
            description = "Not archived yet",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "410",
            description = "It was archived, but the file is gone; or it was lost before it was archived",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "503",
            description = "The storage of outputs does not answer",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Response get(
            @PathParam("id") @Schema(type = SchemaType.STRING, format = "uuid") String id,
            @PathParam("n") @Schema(type = SchemaType.INTEGER) String n,
            @Context UriInfo uri,
            @Context Request request) {
        QueryReader.refuseAll(uri);
        StoredJob.Output output = archived(JobId.ofPath(id), n);
        String file = String.valueOf(output.file());
        long bytes = length(file, output);
        EntityTag tag = new EntityTag(String.valueOf(output.sha256()));
        Response.ResponseBuilder unchanged = request.evaluatePreconditions(tag);
        if (unchanged != null) {
            return unchanged.tag(tag).build();
        }
        return Response.ok((StreamingOutput) out -> send(file, out))
                .header(HttpHeaders.CONTENT_LENGTH, bytes)
                .header(HttpHeaders.CONTENT_TYPE, contentType(output.contentType()))
                .header(HttpHeaders.CONTENT_DISPOSITION, "inline; filename=\"" + plain(file) + "\"")
                .header("X-Content-Type-Options", "nosniff")
                .tag(tag)
                .build();
    }

    /** A problem when the file is not there as it was archived. */
    private long length(String file, StoredJob.Output output) {
        OptionalLong found;
        try {
            found = storage.size(file);
        } catch (StorageException away) {
            LOG.warnf("an archived file cannot be sent: %s", away.getMessage());
            throw new ProblemException(
                            ProblemKind.STORAGE_AWAY,
                            "the storage of outputs does not answer; the file is not lost by that")
                    .retryAfter(ASK_AGAIN);
        }
        long bytes = found.orElseThrow(() -> gone("is not among the outputs any more"));
        if (output.bytes() != null && output.bytes() != bytes) {
            throw gone("has %,d bytes where %,d were archived".formatted(bytes, output.bytes()));
        }
        return bytes;
    }

    private static ProblemException gone(String what) {
        return new ProblemException(ProblemKind.FILE_GONE, "the archived file " + what);
    }

    private void send(String file, OutputStream out) throws IOException {
        try (InputStream in = storage.open(file)) {
            in.transferTo(out);
        }
    }

    private StoredJob.Output archived(UUID id, String n) {
        StoredJob job = jobs.find(id).orElseThrow(() -> JobId.unknown(id));
        int number = NUMBER.matcher(n).matches() ? Integer.parseInt(n) : -1;
        StoredJob.Output output =
                number >= 0 && number < job.outputs().size() ? job.outputs().get(number) : null;
        if (output == null && (number < 0 || JobStatus.of(job.state().status()).isTerminal())) {
            throw new ProblemException(
                    ProblemKind.NOT_FOUND,
                    "the job is %s and has %d outputs, counted from 0"
                            .formatted(job.state().status(), job.outputs().size()));
        }
        if (output != null && output.lostAt() != null) {
            throw new ProblemException(
                    ProblemKind.FILE_GONE,
                    "the output was lost at %s: the provider keeps it no longer, and it could not be fetched before (%s)"
                            .formatted(output.lostAt(), output.error()));
        }
        if (output == null || output.archivedAt() == null) {
            throw new ProblemException(
                            ProblemKind.NOT_ARCHIVED,
                            "the job is " + job.state().status() + "; its output " + number + " is not archived yet")
                    .retryAfter(ASK_AGAIN);
        }
        return output;
    }

    /** The provider's word, unless it would make a browser do more than play. */
    private static String contentType(@Nullable String told) {
        return told != null && AUDIO.matcher(told).matches() ? told : MediaType.APPLICATION_OCTET_STREAM;
    }

    private static String plain(String file) {
        return file.substring(file.lastIndexOf('/') + 1).replaceAll("[^A-Za-z0-9._-]", "_");
    }
}
