package io.wavequeue.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.admission.JsonRead;
import io.wavequeue.admission.StrictJson;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.IOException;
import java.io.InputStream;

/** Reads JSON bodies, strictly and at bounded cost. */
public final class JsonBody {
    /** The longest JSON body. */
    public static final int MOST_BYTES = 1024 * 1024;

    private JsonBody() {}

    /** A body without a content type would be read as if it had the right one. */
    public static void require(HttpHeaders headers) {
        if (headers.getMediaType() == null) {
            throw new ProblemException(
                    ProblemKind.UNSUPPORTED_MEDIA_TYPE, "send the header Content-Type: application/json");
        }
    }

    /** The body's one value; a {@link ProblemException} when there is none, or none that can be read. */
    public static JsonNode read(InputStream body) {
        return read(bytes(body));
    }

    /** The same of a body that is read already. */
    public static JsonNode read(byte[] body) {
        return switch (StrictJson.read(body)) {
            case JsonRead.Value(JsonNode json) -> json;
            case JsonRead.Malformed malformed -> throw ProblemException.malformed(malformed);
        };
    }

    /** The body as it was sent; a {@link ProblemException} when it is too long or not whole. */
    public static byte[] bytes(InputStream body) {
        try {
            byte[] bytes = body.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new ProblemException(
                        ProblemKind.TOO_LARGE, "a JSON body may have at most %,d bytes".formatted(MOST_BYTES));
            }
            return bytes;
        } catch (IOException e) {
            throw new ProblemException(ProblemKind.BAD_REQUEST, "the body ended before its announced length");
        }
    }
}
