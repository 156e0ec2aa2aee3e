package io.wavequeue.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.wavequeue.cli.manifest.Settings.Default;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Fills in what a line leaves out, and names its clips as the API knows them. The same for each form of a manifest. */
final class LineFilling {

    private static final String ONE_TAKE = "{reference}.{ext}";
    private static final String SEVERAL_TAKES = "{reference}_{take:02}.{ext}";
    private static final Pattern SEVERAL = Pattern.compile("0*(?:[2-9]|[1-9][0-9]+)(?:\\.0+)?");

    /** Addresses and references; a drive letter begins none. */
    private static final Pattern NO_FILE = Pattern.compile("(?i)media:.*|[a-z][a-z0-9+.-]+://.*", Pattern.DOTALL);

    private final Settings.Lines settings;
    private final Models models;
    private final ClipNames clips;

    LineFilling(Settings.Lines settings, Models models, ClipNames clips) {
        this.settings = settings;
        this.models = models;
        this.clips = clips;
    }

    /** The columns that a table needs beside these, so that everything can be filled in. */
    List<String> columnsBeside(Collection<String> header) {
        List<String> columns = new ArrayList<>();
        if (settings.takes() != null) {
            columns.add("takes");
        }
        if (settings.maxAttempts() != null) {
            columns.add("max_attempts");
        }
        columns.add("output");
        settings.labels().keySet().stream().sorted().map(key -> "labels." + key).forEach(columns::add);
        settings.defaults().stream().map(Default::input).forEach(columns::add);
        columns.removeAll(header);
        return columns;
    }

    void fill(Line line, long number) {
        fill(line, "takes", settings.takes());
        fill(line, "max_attempts", settings.maxAttempts());
        settings.labels().forEach((key, value) -> {
            if (!line.hasLabel(key)) {
                line.putLabel(key, value);
            }
        });
        String output = output(line);
        if (line.text("output") == null && output != null) {
            line.put("output", TextNode.valueOf(output));
        }
        Models.Inputs inputs = models.find(line.text("model"));
        if (inputs != null) {
            fill(line, number, inputs);
        }
    }

    private static void fill(Line line, String field, @Nullable Integer value) {
        if (value != null && line.text(field) == null) {
            line.put(field, IntNode.valueOf(value));
        }
    }

    private void fill(Line line, long number, Models.Inputs inputs) {
        for (Default one : settings.defaults()) {
            if (inputs.all().contains(one.input()) && line.input(one.input()) == null) {
                line.putInput(one.input(), one.value());
            }
        }
        for (String field : inputs.clips()) {
            JsonNode value = line.input(field);
            if (value != null && value.isTextual() && isFile(value.asText())) {
                String reference = clips.reference(value.asText(), number, field);
                if (reference != null) {
                    line.putInput(field, TextNode.valueOf(reference));
                }
            }
        }
    }

    private static boolean isFile(String value) {
        return !value.isBlank() && !NO_FILE.matcher(value).matches();
    }

    /** A cue without a name of its own gets a file's name only when somebody said which. */
    private @Nullable String output(Line line) {
        if (settings.output() != null || line.text("reference") == null) {
            return settings.output();
        }
        String takes = line.text("takes");
        return takes != null && SEVERAL.matcher(takes.strip()).matches() ? SEVERAL_TAKES : ONE_TAKE;
    }
}
