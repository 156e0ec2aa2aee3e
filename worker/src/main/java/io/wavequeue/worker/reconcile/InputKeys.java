package io.wavequeue.worker.reconcile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.admission.CanonicalJson;
import io.wavequeue.catalogue.Catalogue;
import io.wavequeue.catalogue.InputCheck;
import io.wavequeue.catalogue.Model;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keys that are equal for inputs that mean the same to a model: defaults filled in, order and number formats aside, and
 * the provider's address of a clip of ours read as that clip.
 */
final class InputKeys {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
            .build();

    private final Catalogue catalogue;
    private final @Nullable Model model;
    private final JsonNode fields;

    InputKeys(Catalogue catalogue, String modelId) {
        this.catalogue = catalogue;
        this.model = catalogue.find(modelId).orElse(null);
        this.fields =
                model == null ? MissingNode.getInstance() : model.inputSchema().path("properties");
    }

    /** Of one of our own rows. */
    String ofOurs(String input) {
        try {
            return key(JSON.readTree(input));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("the input of a row is no JSON", impossible);
        }
    }

    /**
     * Of what the provider tells.
     *
     * @param clips hash by address
     */
    String ofTheirs(JsonNode told, Map<String, String> clips) {
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
    List<String> addresses(JsonNode told) {
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
