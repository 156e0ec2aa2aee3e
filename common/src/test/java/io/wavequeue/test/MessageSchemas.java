package io.wavequeue.test;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialects;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The published schemas of what lies on the topics ({@code deploy/docs/schema}). */
public final class MessageSchemas {
    public static final String EVENT = "event.schema.json";
    public static final String DEAD_LETTER = "dead-letter.schema.json";
    public static final String JOB_RECORD = "job-record.schema.json";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final SchemaRegistry registry = SchemaRegistry.withDialect(
            Dialects.getDraft202012(),
            builder -> builder.schemaRegistryConfig(
                    SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));
    private final Path folder;
    private final Map<String, Schema> schemas = new HashMap<>();

    /** @param folder {@code deploy/docs/schema}, seen from the module */
    public MessageSchemas(Path folder) {
        this.folder = folder;
    }

    /** A file's own text. */
    public JsonNode text(String file) {
        try {
            return JSON.readTree(Files.readString(folder.resolve(file)));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** What is wrong with the value by the schema of that file; empty = nothing. */
    public List<String> faults(String file, JsonNode value) {
        Schema schema = schemas.computeIfAbsent(file, name -> registry.getSchema(text(name)));
        return faults(schema, value);
    }

    /** The same by a schema that is no file. */
    public List<String> faults(JsonNode schema, JsonNode value) {
        return faults(registry.getSchema(schema), value);
    }

    /** The same of a record's value. */
    public List<String> faults(String file, byte[] value) {
        try {
            return faults(file, JSON.readTree(value));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static List<String> faults(Schema schema, JsonNode value) {
        return schema.validate(value).stream().map(Error::toString).toList();
    }
}
