package io.wavequeue.api.batch;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.admission.CanonicalJson;
import io.wavequeue.admission.JsonElements;
import io.wavequeue.admission.JsonRead;
import io.wavequeue.api.batch.LineBound.LineTooLongException;
import io.wavequeue.api.http.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A JSON array of requests. */
final class JsonManifest implements Manifest {
    private final CanonicalJson.ArrayDigest digest = new CanonicalJson.ArrayDigest();
    private int elements;
    private int line = 1;

    @Override
    public void read(InputStream body, Lines to) throws IOException {
        LineBound text = new LineBound(new InputStreamReader(body, StandardCharsets.UTF_8.newDecoder()));
        try {
            Optional<JsonRead.Malformed> malformed = JsonElements.read(text, new JsonElements.Taker() {
                @Override
                public void begin(int at) {
                    line = at;
                }

                @Override
                public void take(JsonNode request) throws IOException {
                    give(request, text.next(), to);
                }
            });
            if (malformed.isPresent()) {
                throw ProblemException.malformed(malformed.get());
            }
        } catch (LineTooLongException e) {
            throw ProblemException.malformed(new JsonRead.Malformed(
                    "the request [%d] is longer than %,d characters".formatted(elements, LineBound.MOST_CHARS),
                    line,
                    1));
        }
    }

    /** All forms of an array that mean the same are one. */
    @Override
    public String sha256(String raw) {
        return digest.sha256();
    }

    private void give(JsonNode request, int size, Lines to) throws IOException {
        digest.add(request);
        int item = elements++;
        to.request(new Place(line, field -> named(item, field)), request, size);
    }

    @Override
    public String named(int item, String field) {
        return field.isEmpty() ? "[" + item + "]" : "[" + item + "]." + field;
    }
}
