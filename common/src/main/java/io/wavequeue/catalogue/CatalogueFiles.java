package io.wavequeue.catalogue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Finds the catalogue files and reads them as JSON: our own by a list, since a jar has no folder to look through. */
final class CatalogueFiles {
    private static final String FOLDER = "/catalogue/";
    private static final String LIST = "models.txt";
    private static final String SUFFIX = ".json";
    private static final int LARGEST_BYTES = 1 << 20;

    private final JsonMapper json = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** A catalogue file, its name as a person knows it. */
    record Content(String name, JsonNode json) {}

    List<Content> builtIn() {
        return new String(resource(LIST), StandardCharsets.UTF_8)
                .lines()
                .filter(name -> !name.isBlank())
                .map(name -> parsed(name + " (built in)", resource(name)))
                .toList();
    }

    /** Every {@code *.json} of a folder, in the order of their names; a folder that is not there is refused. */
    List<Content> ofFolder(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new CatalogueException("the catalogue folder " + folder + " is not a folder that can be read");
        }
        List<Content> contents = new ArrayList<>();
        for (Path file : jsonFiles(folder)) {
            contents.add(parsed(file.toString(), bytes(file)));
        }
        return contents;
    }

    private static List<Path> jsonFiles(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(SUFFIX))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new CatalogueException("the catalogue folder " + folder + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static byte[] bytes(Path file) {
        try {
            if (Files.size(file) > LARGEST_BYTES) {
                throw new CatalogueException(file.toString(), "", "is larger than " + LARGEST_BYTES + " bytes");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new CatalogueException("catalogue file " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static byte[] resource(String name) {
        try (InputStream in = CatalogueFiles.class.getResourceAsStream(FOLDER + name)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its own catalogue file " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new CatalogueException("catalogue file " + name + " cannot be read: " + e.getMessage(), e);
        }
    }

    private Content parsed(String name, byte[] bytes) {
        try {
            JsonNode node = json.readTree(bytes);
            if (node.isMissingNode()) {
                throw new CatalogueException(name, "", "is empty");
            }
            return new Content(name, node);
        } catch (JsonProcessingException e) {
            throw new CatalogueException(
                    name,
                    "",
                    "is not JSON: %s (line %d, column %d)"
                            .formatted(
                                    e.getOriginalMessage(),
                                    e.getLocation().getLineNr(),
                                    e.getLocation().getColumnNr()));
        } catch (IOException e) {
            throw new CatalogueException("catalogue file " + name + " cannot be read: " + e.getMessage(), e);
        }
    }
}
