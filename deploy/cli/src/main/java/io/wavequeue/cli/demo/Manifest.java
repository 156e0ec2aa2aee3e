package io.wavequeue.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Reads cues from CSV: four columns of ours, every other column is an input of the model by its name. */
final class Manifest {

    private static final String DEMO = "/demo/manifest.csv";
    private static final Set<String> OURS = Set.of("reference", "category", "model", "expect");
    // The five models' inputs that are numbers; all others are text, even when they look like a number.
    private static final Set<String> NUMBERS = Set.of(
            "duration",
            "init_noise_level",
            "extend_seconds_before",
            "extend_seconds_after",
            "mask_start_seconds",
            "mask_end_seconds",
            "extend_before_duration",
            "extend_after_duration",
            "num_inference_steps",
            "guidance_scale",
            "seed");
    private static final CSVFormat FORMAT = CSVFormat.RFC4180
            .builder()
            .setHeader()
            .setSkipHeaderRecord(true)
            .setIgnoreEmptyLines(true)
            .get();

    private Manifest() {}

    /** The cues of the demo, which are part of the program. */
    static List<Cue> demo() {
        try (InputStream csv = Manifest.class.getResourceAsStream(DEMO)) {
            if (csv == null) {
                throw new IllegalStateException(DEMO + " is missing from the program");
            }
            return read(new InputStreamReader(csv, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads cues; a bad line is an {@link IllegalArgumentException} that names it. */
    static List<Cue> read(Reader csv) throws IOException {
        List<Cue> cues = new ArrayList<>();
        Set<String> references = new HashSet<>();
        try (CSVParser parser = FORMAT.parse(csv)) {
            for (CSVRecord row : parser) {
                long line = row.getRecordNumber() + 1;
                Cue cue = cue(row, line);
                if (!references.add(cue.reference())) {
                    throw new IllegalArgumentException("line " + line + ": reference '" + cue.reference() + "' again");
                }
                cues.add(cue);
            }
        }
        return cues;
    }

    private static Cue cue(CSVRecord row, long line) {
        try {
            if (!row.isConsistent()) {
                throw new IllegalArgumentException("it has another number of fields than the header");
            }
            return new Cue(
                    row.get("reference"),
                    row.get("category"),
                    row.get("model"),
                    Expectation.parse(row.get("expect")),
                    inputs(row.toMap()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("line " + line + ": " + e.getMessage(), e);
        }
    }

    private static Map<String, JsonNode> inputs(Map<String, String> row) {
        Map<String, JsonNode> inputs = new LinkedHashMap<>();
        row.forEach((name, value) -> {
            if (!OURS.contains(name) && !value.isEmpty()) {
                inputs.put(name, NUMBERS.contains(name) ? number(name, value) : TextNode.valueOf(value));
            }
        });
        return inputs;
    }

    private static JsonNode number(String name, String value) {
        try {
            return DecimalNode.valueOf(new BigDecimal(value));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " is '" + value + "', which is no number", e);
        }
    }
}
