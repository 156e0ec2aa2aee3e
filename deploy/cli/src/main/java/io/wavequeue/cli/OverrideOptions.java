package io.wavequeue.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.wavequeue.cli.client.Json;
import io.wavequeue.cli.manifest.SettingsReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is to be another input this time: a JSON merge patch, and single fields that win over it. */
final class OverrideOptions {

    @Option(
            names = "--set",
            paramLabel = "FIELD=VALUE",
            description = "Another value of an input: JSON where it is JSON, else a text; null takes the field out.")
    private Map<String, String> fields = new LinkedHashMap<>();

    @Option(
            names = "--overrides",
            paramLabel = "JSON|@FILE",
            description = "The same as one JSON merge patch, or a file that has it.")
    private @Nullable String patch;

    /** Null = the inputs stay as they are. */
    @Nullable
    ObjectNode patch(Path workingFolder) {
        if (patch == null && fields.isEmpty()) {
            return null;
        }
        ObjectNode overrides = patch == null ? Json.object() : read(workingFolder, patch);
        fields.forEach((field, value) -> overrides.set(field, value(value)));
        return overrides;
    }

    private static ObjectNode read(Path workingFolder, String given) {
        String text = given.startsWith("@") ? file(workingFolder.resolve(given.substring(1))) : given;
        if (SettingsReader.json(text) instanceof ObjectNode object) {
            return object;
        }
        throw new IllegalArgumentException("--overrides '" + given + "' is no JSON object");
    }

    private static String file(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    private static JsonNode value(String text) {
        JsonNode value = SettingsReader.json(text);
        return value == null || value.isMissingNode() ? TextNode.valueOf(text) : value;
    }
}
