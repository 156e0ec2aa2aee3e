package io.wavequeue.simulator.catalogue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The models that can be called, in the order in which they are listed. */
public final class Catalogue {
    private static final String RESOURCE = "/io/wavequeue/simulator/models.json";

    private final Map<String, ModelSpec> models;

    private Catalogue(Map<String, ModelSpec> models) {
        this.models = models;
    }

    public static Catalogue load() {
        ObjectMapper mapper = new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
        try (InputStream in = Catalogue.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("the program is incomplete: " + RESOURCE + " is missing");
            }
            Map<String, ModelSpec> models = new LinkedHashMap<>();
            for (JsonNode entry : mapper.readTree(in)) {
                ModelSpec model = ModelSpec.parse(entry);
                models.put(model.id(), model);
            }
            return new Catalogue(models);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + RESOURCE, e);
        }
    }

    public @Nullable ModelSpec find(String id) {
        return models.get(id);
    }

    public Collection<ModelSpec> models() {
        return models.values();
    }
}
