package io.wavequeue.worker.provider;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where to put the bytes of an upload, and where the provider reads them afterwards.
 *
 * @param headers to be sent exactly so, without our key
 */
public record UploadTicket(URI putUrl, Map<String, String> headers, String downloadUrl) {
    static UploadTicket of(Answer answer, URI base) throws IOException {
        JsonNode data = answer.data();
        JsonNode upload = data.path("upload");
        String url = upload.path("url").asText("");
        String download = data.path("download_url").asText("");
        if (answer.effectiveStatus() != 200
                || url.isEmpty()
                || download.isEmpty()
                || !upload.path("method").asText("PUT").equalsIgnoreCase("PUT")) {
            throw UploadRefusedException.orTrouble(
                    answer.effectiveStatus(),
                    "the provider gave no upload ticket: " + answer.effectiveStatus() + " " + answer.message());
        }
        Map<String, String> headers = new TreeMap<>();
        upload.path("headers")
                .properties()
                .forEach(
                        header -> headers.put(header.getKey(), header.getValue().asText()));
        return new UploadTicket(base.resolve(url), headers, download);
    }
}
