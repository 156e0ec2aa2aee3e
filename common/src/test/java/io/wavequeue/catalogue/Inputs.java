package io.wavequeue.catalogue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Inputs for the tests, and what the built-in catalogue says to them. */
final class Inputs {
    static final String OUTPAINTING = "stability-ai/stable-audio-3/audio-outpainting";
    static final String INPAINTING = "stability-ai/stable-audio-3/audio-inpainting";
    static final String AUDIO_TO_AUDIO = "stability-ai/stable-audio-3/audio-to-audio";
    static final String MUSIC = "stability-ai/stable-audio-3/music";
    static final String ACE_STEP = "wavespeed-ai/ace-step/audio-outpaint";

    /** A catalogue file as a user may write it. */
    static final String CHIME = """
            {
              "model": "acme/chime",
              "title": "Chime",
              "kind": "text-to-audio",
              "description": "Makes chimes.",
              "source": "Acme's page, November 2026.",
              "input": {
                "type": "object",
                "properties": {
                  "words": {"type": "string"},
                  "seconds": {"type": "number", "minimum": 0, "maximum": 9, "default": 3},
                  "notes": {"type": "array", "maxItems": 2, "items": {"type": "object", "required": ["pitch"],
                            "additionalProperties": false, "properties": {"pitch": {"type": "integer", "minimum": 1}}}}
                },
                "required": ["words"],
                "additionalProperties": false
              },
              "price": {"per_second_usd": "0.01", "seconds_of": ["seconds"], "basis": "extension", "rounding": "ceil"},
              "output": {"default_format": "wav"}
            }
            """;

    static final Catalogue CATALOGUE = Catalogue.load(null, null);

    private static final JsonMapper EXACT = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final JsonMapper BINARY = JsonMapper.builder().build();

    private Inputs() {}

    /** JSON with ' for ", numbers exact. */
    static ObjectNode json(String text) {
        return (ObjectNode) anyJson(text);
    }

    static JsonNode anyJson(String text) {
        return parsed(EXACT, text);
    }

    /** The same through binary fractions, as a mapper without special settings reads it. */
    static ObjectNode binaryJson(String text) {
        return (ObjectNode) parsed(BINARY, text);
    }

    /** An input of the model with its required fields and, where a rule asks for it, a bit more. */
    static ObjectNode valid(String model) {
        return switch (model) {
            case OUTPAINTING -> json("{'audio':'https://example.com/a.wav','prompt':'wind','extend_seconds_before':1}");
            case INPAINTING, AUDIO_TO_AUDIO -> json("{'audio':'https://example.com/a.wav','prompt':'wind'}");
            case MUSIC -> json("{'prompt':'noir'}");
            case ACE_STEP -> json("{'audio':'https://example.com/a.wav','tags':'lofi','extend_before_duration':1}");
            default -> throw new IllegalArgumentException(model);
        };
    }

    static ObjectNode with(String model, String field, String value) {
        return valid(model).set(field, anyJson(value));
    }

    static Model model(String id) {
        return CATALOGUE.find(id).orElseThrow();
    }

    static InputCheck check(String model, JsonNode input) {
        return CATALOGUE.check(model(model), input);
    }

    /** The errors as lines; empty when the input is valid. */
    static List<String> errors(String model, JsonNode input) {
        return switch (check(model, input)) {
            case InputCheck.Valid valid -> List.of();
            case InputCheck.Invalid invalid ->
                invalid.errors().stream().map(FieldError::text).toList();
        };
    }

    static ObjectNode effective(String model, ObjectNode input) {
        return switch (check(model, input)) {
            case InputCheck.Valid(ObjectNode effective) -> effective;
            case InputCheck.Invalid(List<FieldError> errors) -> throw new AssertionError(errors);
        };
    }

    private static JsonNode parsed(JsonMapper mapper, String text) {
        try {
            return mapper.readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
