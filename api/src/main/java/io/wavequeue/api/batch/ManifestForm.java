package io.wavequeue.api.batch;

import io.wavequeue.api.http.ProblemException;
import io.wavequeue.api.http.ProblemKind;
import io.wavequeue.catalogue.Catalogue;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.function.Function;

/** The forms of a file of jobs, by their content types. */
enum ManifestForm {
    CSV(ManifestForm.TEXT_CSV, CsvManifest::new),
    NDJSON(ManifestForm.APPLICATION_NDJSON, catalogue -> new NdjsonManifest()),
    JSON(MediaType.APPLICATION_JSON, catalogue -> new JsonManifest());

    static final String TEXT_CSV = "text/csv";
    static final String APPLICATION_NDJSON = "application/x-ndjson";

    private final MediaType type;
    private final Function<Catalogue, Manifest> reader;

    ManifestForm(String type, Function<Catalogue, Manifest> reader) {
        this.type = MediaType.valueOf(type);
        this.reader = reader;
    }

    /** A body without a content type would be read as if it had the right one. */
    static ManifestForm of(HttpHeaders headers) {
        MediaType given = headers.getMediaType();
        if (given != null) {
            String charset = given.getParameters().getOrDefault(MediaType.CHARSET_PARAMETER, "utf-8");
            if (!charset.equalsIgnoreCase("utf-8")) {
                throw new ProblemException(ProblemKind.UNSUPPORTED_MEDIA_TYPE, "send the file in UTF-8");
            }
            for (ManifestForm form : values()) {
                if (form.type.isCompatible(given)) {
                    return form;
                }
            }
        }
        throw new ProblemException(
                ProblemKind.UNSUPPORTED_MEDIA_TYPE,
                "send the header Content-Type: text/csv, application/x-ndjson or application/json");
    }

    Manifest manifest(Catalogue catalogue) {
        return reader.apply(catalogue);
    }
}
