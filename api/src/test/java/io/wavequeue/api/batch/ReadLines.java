package io.wavequeue.api.batch;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.admission.StrictJson;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Keeps what a manifest gives, each as {@code line: what}. */
final class ReadLines implements Manifest.Lines {
    final List<String> requests = new ArrayList<>();
    final List<String> errors = new ArrayList<>();

    static ReadLines of(Manifest manifest, byte[] file) {
        ReadLines read = new ReadLines();
        try {
            manifest.read(new ByteArrayInputStream(file), read);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return read;
    }

    @Override
    public void request(Manifest.Place place, JsonNode request, long size) {
        requests.add(place.line() + ": " + StrictJson.write(request));
    }

    @Override
    public void bad(int line, String field, String message) {
        errors.add(line + ": " + field + ": " + message);
    }
}
