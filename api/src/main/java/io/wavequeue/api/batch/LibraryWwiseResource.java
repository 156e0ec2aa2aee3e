package io.wavequeue.api.batch;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.wavequeue.admission.Shown;
import io.wavequeue.api.http.Problem;
import io.wavequeue.api.http.ProblemException;
import io.wavequeue.api.http.ProblemKind;
import io.wavequeue.api.http.QueryReader;
import io.wavequeue.store.LibraryClips;
import io.wavequeue.store.LibraryClips.Clip;
import io.wavequeue.store.TakeStore;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.UriInfo;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** A whole library as a file that Wwise imports, whichever batches made it. */
@Path("/v1/takes/wwise")
@RunOnVirtualThread
@Tag(name = "libraries")
public class LibraryWwiseResource {
    private static final String NAME = "name";
    private static final int PAGE = 500;

    private final LibraryClips clips;
    private final TakeStore takes;

    LibraryWwiseResource(LibraryClips clips, TakeStore takes) {
        this.clips = clips;
        this.takes = takes;
    }

    @GET
    @Operation(
            operationId = "getLibraryForWwise",
            summary = "A library as a tab-delimited file that Wwise imports",
            description =
                    "Of each cue the picked take; of one without, all takes that nobody rejected, in a random container where"
                            + " there are several. Named files where there are some, else the archived ones.")
    @Parameter(name = NAME, in = ParameterIn.QUERY, required = true, description = "The library")
    @Parameter(name = ResultsRequest.ROOT, in = ParameterIn.QUERY, description = "As for the results of a batch")
    @Parameter(name = ResultsRequest.PARENT, in = ParameterIn.QUERY, description = "As for the results of a batch")
    @APIResponse(
            responseCode = "200",
            content = @Content(mediaType = "text/tab-separated-values", schema = @Schema(type = SchemaType.STRING)))
    @APIResponse(
            responseCode = "404",
            description = "No library has this name",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Response get(@Context UriInfo uri) {
        QueryReader query = QueryReader.of(uri, NAME, ResultsRequest.ROOT, ResultsRequest.PARENT);
        String library = query.one(NAME).orElse("");
        if (library.isEmpty()) {
            query.refuse(NAME, "is required: the library");
        }
        WwiseTarget target = ResultsRequest.wwise(query);
        query.finish();
        if (!takes.isLibrary(library)) {
            throw new ProblemException(ProblemKind.NOT_FOUND, "there is no library \"" + Shown.name(library) + "\"");
        }
        return Response.ok((StreamingOutput) to -> write(library, target, to))
                .header(HttpHeaders.CONTENT_TYPE, ResultForm.WWISE.contentType())
                .build();
    }

    private void write(String library, WwiseTarget target, OutputStream to) throws IOException {
        Writer text = new BufferedWriter(new OutputStreamWriter(to, StandardCharsets.UTF_8));
        Set<String> alike = clips.alike(library, WwiseTarget.NOT_IN_NAMES);
        WwiseRows rows = new WwiseRows(target, library, alike);
        rows.header(text);
        String after = "";
        List<Clip> page;
        do {
            page = clips.page(library, after, PAGE);
            for (Clip clip : page) {
                if (!clip.file().isEmpty()) {
                    rows.write(clip.file(), rows.name(clip.reference()), clip.place(), clip.clips(), text);
                }
                after = clip.reference();
            }
        } while (!page.isEmpty());
        text.flush();
    }
}
