package io.wavequeue.api.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.wavequeue.admission.RequestForm;
import io.wavequeue.admission.Shown;
import io.wavequeue.catalogue.Catalogue;
import io.wavequeue.catalogue.FieldError;
import io.wavequeue.catalogue.Model;
import io.wavequeue.catalogue.NearestName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What the columns of a CSV file hold, and how a row becomes a request: fields of the request and its labels as they are,
 * the column input as a JSON object, all others are inputs of the row's model. An empty cell is left out.
 */
final class CsvColumns {
    private static final String LABELS = RequestForm.LABELS + ".";
    private static final String INPUT = RequestForm.INPUT + ".";
    private static final int MOST_COLUMNS = 1_000;

    private static final JsonNode OBJECT = TextNode.valueOf("object");

    /** Columns that are no inputs, and the type of each. */
    private static final Map<String, JsonNode> OWN = own();

    /** The schema's types of each field of each model. */
    private final Map<String, Map<String, JsonNode>> types = new HashMap<>();

    private final List<String> known;
    private final String allKnown;
    private List<String> names = List.of();

    CsvColumns(Catalogue catalogue) {
        TreeSet<String> inputs = new TreeSet<>();
        for (Model model : catalogue.models()) {
            Map<String, JsonNode> ofModel = new HashMap<>();
            model.inputSchema()
                    .path("properties")
                    .properties()
                    .forEach(property ->
                            ofModel.put(property.getKey(), property.getValue().path("type")));
            types.put(model.id(), ofModel);
            inputs.addAll(ofModel.keySet());
        }
        known = Stream.concat(OWN.keySet().stream(), inputs.stream()).toList();
        allKnown = String.join(", ", known) + " and " + LABELS + "<key>";
    }

    int count() {
        return names.size();
    }

    String name(int column) {
        return names.get(column);
    }

    /** Takes the names of the columns; returns all that is wrong with them. */
    List<FieldError> header(List<String> header) {
        if (header.size() > MOST_COLUMNS) {
            return List.of(new FieldError(
                    "", "the header has %,d columns; at most %,d are allowed".formatted(header.size(), MOST_COLUMNS)));
        }
        names = header.stream().map(String::strip).toList();
        List<FieldError> errors = new ArrayList<>();
        Map<String, Integer> first = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            Integer earlier = first.putIfAbsent(name, i + 1);
            if (name.isEmpty()) {
                errors.add(new FieldError("", "column %d has no name".formatted(i + 1)));
            } else if (earlier != null) {
                errors.add(new FieldError(
                        Shown.name(name), "is the name of column %d and of column %d".formatted(earlier, i + 1)));
            } else if (!isKnown(name)) {
                errors.add(new FieldError(Shown.name(name), unknown(name)));
            }
        }
        if (!first.containsKey(RequestForm.MODEL)) {
            errors.add(new FieldError(
                    RequestForm.MODEL, "is required: a column with the model of each line; GET /v1/models lists them"));
        }
        return errors;
    }

    /** @param cells as many as there are columns */
    ObjectNode request(List<String> cells) {
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        JsonNode whole = whole(cells);
        if (!(whole instanceof ObjectNode input)) {
            request.set(RequestForm.INPUT, whole);
            request.put(RequestForm.MODEL, cells.get(names.indexOf(RequestForm.MODEL)));
            return request;
        }
        request.set(RequestForm.INPUT, input);
        Map<String, JsonNode> ofModel = types.getOrDefault(cells.get(names.indexOf(RequestForm.MODEL)), Map.of());
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            String cell = cells.get(i);
            if (cell.isEmpty()) {
                continue;
            }
            if (name.equals(RequestForm.INPUT)) {
                continue;
            }
            JsonNode type = OWN.get(name);
            if (type != null) {
                request.set(name, CellValue.of(cell, type));
            } else if (name.startsWith(LABELS)) {
                request.withObjectProperty(RequestForm.LABELS).put(name.substring(LABELS.length()), cell);
            } else {
                JsonNode ofInput = ofModel.get(name);
                input.set(name, ofInput == null ? TextNode.valueOf(cell) : CellValue.of(cell, ofInput));
            }
        }
        return request;
    }

    /** The column of all inputs, to which those of single ones are added; what is no object is refused later. */
    private JsonNode whole(List<String> cells) {
        int column = names.indexOf(RequestForm.INPUT);
        return column < 0 || cells.get(column).isEmpty()
                ? JsonNodeFactory.instance.objectNode()
                : CellValue.of(cells.get(column), OBJECT);
    }

    private static Map<String, JsonNode> own() {
        Map<String, JsonNode> own = new LinkedHashMap<>();
        for (String name : List.of(RequestForm.MODEL, RequestForm.REFERENCE, RequestForm.LANE, RequestForm.OUTPUT)) {
            own.put(name, TextNode.valueOf("string"));
        }
        own.put(RequestForm.MAX_ATTEMPTS, TextNode.valueOf("integer"));
        own.put(RequestForm.TAKES, TextNode.valueOf("integer"));
        own.put(RequestForm.REUSE, TextNode.valueOf("boolean"));
        own.put(RequestForm.INPUT, OBJECT);
        return own;
    }

    /** The column that a request's field came from. */
    static String column(String field) {
        return field.startsWith(INPUT) ? field.substring(INPUT.length()) : field;
    }

    private boolean isKnown(String name) {
        return known.contains(name) || (name.startsWith(LABELS) && name.length() > LABELS.length());
    }

    private String unknown(String name) {
        return "unknown column; "
                + NearestName.of(name, known)
                        .map(nearest -> "did you mean \"" + nearest + "\"?")
                        .orElseGet(() -> "known: " + allKnown);
    }
}
