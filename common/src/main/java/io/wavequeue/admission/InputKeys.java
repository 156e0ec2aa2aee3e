package io.wavequeue.admission;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.catalogue.AudioSource;
import io.wavequeue.catalogue.Catalogue;
import io.wavequeue.catalogue.InputCheck;
import io.wavequeue.catalogue.Model;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keys that are equal for inputs that mean the same to a model: defaults filled in, order and number formats aside, and
 * the provider's address of a clip of ours read as that clip.
 *
 * <p>Used wherever what the provider tells is compared with what we asked for: by the worker's reconciler and its reader of
 * the history, and for dead letters.
 */
public final class InputKeys {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
            .build();

    private static final String ANY_CLIP = "media:sha256:" + "0".repeat(64);

    private final Catalogue catalogue;
    private final @Nullable Model model;
    private final JsonNode fields;

    public InputKeys(Catalogue catalogue, String modelId) {
        this.catalogue = catalogue;
        this.model = catalogue.find(modelId).orElse(null);
        this.fields =
                model == null ? MissingNode.getInstance() : model.inputSchema().path("properties");
    }

    /** Of one of our own rows. */
    public String ofOurs(String input) {
        return key(read(input));
    }

    /** Of one of our own rows that names clips, whatever these are; null when it names none. */
    public @Nullable String withoutClips(String input) {
        return mediaFields().isEmpty()
                ? null
                : withoutClips(
                        read(input), clip -> AudioSource.mediaSha256(clip).isPresent());
    }

    /**
     * Of what the provider tells, when it names clips by addresses of which nobody knows what lay there; null otherwise.
     *
     * @param clips hash by address
     */
    public @Nullable String withoutClips(JsonNode told, Map<String, String> clips) {
        return withoutClips(told, clip -> !clips.containsKey(clip));
    }

    private @Nullable String withoutClips(JsonNode given, Predicate<String> isMeant) {
        if (addresses(given).stream().noneMatch(isMeant)) {
            return null;
        }
        ObjectNode input = JSON.valueToTree(given);
        mediaFields().stream().filter(input::has).forEach(field -> input.put(field, ANY_CLIP));
        return key(input);
    }

    private static JsonNode read(String input) {
        try {
            return JSON.readTree(input);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("the input of a row is no JSON", impossible);
        }
    }

    /**
     * Of what the provider tells.
     *
     * @param clips hash by address
     */
    public String ofTheirs(JsonNode told, Map<String, String> clips) {
        ObjectNode input = JSON.valueToTree(told);
        for (String field : mediaFields()) {
            String clip = clips.get(input.path(field).asText(""));
            if (clip != null) {
                input.put(field, "media:sha256:" + clip);
            }
        }
        return key(input);
    }

    /** The addresses in the fields that name clips. */
    public List<String> addresses(JsonNode told) {
        return mediaFields().stream()
                .map(field -> told.path(field).asText(""))
                .filter(url -> !url.isEmpty())
                .toList();
    }

    private List<String> mediaFields() {
        return model == null ? List.of() : model.mediaFields();
    }

    /** Of an input that the model does not take as it is, the key is its plain form: it equals only its like. */
    private String key(JsonNode input) {
        Model known = model;
        if (known != null && input instanceof ObjectNode object) {
            return effective(known, object).map(CanonicalJson::sha256).orElseGet(() -> CanonicalJson.sha256(object));
        }
        return CanonicalJson.sha256(input);
    }

    private Optional<ObjectNode> effective(Model known, ObjectNode input) {
        ObjectNode ours = input.deepCopy();
        input.fieldNames().forEachRemaining(field -> {
            if (!fields.has(field)) {
                ours.remove(field);
            }
        });
        return catalogue.check(known, ours) instanceof InputCheck.Valid(ObjectNode effective)
                ? Optional.of(effective)
                : Optional.empty();
    }
}
