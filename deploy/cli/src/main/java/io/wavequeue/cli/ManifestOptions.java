package io.wavequeue.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.wavequeue.cli.manifest.Fault;
import io.wavequeue.cli.manifest.Faults;
import io.wavequeue.cli.manifest.FaultsException;
import io.wavequeue.cli.manifest.ManifestFile;
import io.wavequeue.cli.manifest.Settings;
import io.wavequeue.cli.manifest.Settings.Place;
import io.wavequeue.cli.manifest.SettingsReader;
import io.wavequeue.cli.manifest.SideFile;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A manifest, and what is said beside its lines: in the side file, and on the command line, which wins. */
final class ManifestOptions {

    @Parameters(
            paramLabel = "MANIFEST",
            description = "The list of cues: CSV (comma, semicolon or tab), or a JSON object on each line.")
    private String manifest = "";

    @Option(names = "--settings", paramLabel = "FILE", description = "The side file (default: MANIFEST.yaml).")
    private @Nullable String sideFile;

    @Option(
            names = "--library",
            paramLabel = "NAME",
            description = "The library that follows the manifest (default: the manifest's name).")
    private @Nullable String library;

    @Option(names = "--lane", paramLabel = "LANE", description = "bulk or interactive, of lines that name none.")
    private @Nullable String lane;

    @Option(names = "--budget-usd", paramLabel = "USD", description = "What all of it may cost; the rest is held.")
    private @Nullable BigDecimal budgetUsd;

    @Option(
            names = "--output",
            paramLabel = "TEMPLATE",
            description = "How files are named, such as '{category}/{reference}_{take:02}.{ext}'.")
    private @Nullable String output;

    @Option(names = "--takes", paramLabel = "N", description = "Takes of each cue, where the line does not say.")
    private @Nullable Integer takes;

    @Option(names = "--max-attempts", paramLabel = "N", description = "Tries of each job, 1 to 10.")
    private @Nullable Integer maxAttempts;

    @Option(names = "--label", paramLabel = "KEY=VALUE", description = "A label, where the line has none of that key.")
    private Map<String, String> labels = new LinkedHashMap<>();

    @Option(
            names = "--default",
            paramLabel = "INPUT=VALUE",
            description = "A model input, for the models that have it, where the line leaves it out.")
    private Map<String, String> defaults = new LinkedHashMap<>();

    @Option(
            names = "--retake",
            paramLabel = "VERDICTS",
            description = "Make takes again whose audio is broken or suspect, or for these reasons: a,b,c.")
    private @Nullable String retake;

    @Option(names = "--max-retakes", paramLabel = "N", description = "How often a take is made again (default: 2).")
    private @Nullable Integer maxRetakes;

    @Option(
            names = "--reuse",
            negatable = true,
            description = "Whether archived results of identical work serve, at no cost (default: yes).")
    private @Nullable Boolean reuse;

    @Option(
            names = "--unknown-price",
            paramLabel = "CONSENT",
            description = "accept: make also what nobody knows the price of.")
    private @Nullable String unknownPrice;

    @Option(names = "--quote", description = "Ask the provider for its prices, too; that is free.")
    boolean quote;

    @Option(names = "--errors", paramLabel = "FILE", description = "Write what is wrong as CSV: line, field, message.")
    @Nullable
    String errors;

    /** The manifest, which has to be there. */
    ManifestFile file(Session session) {
        return ManifestFile.of(session.workingFolder(), manifest);
    }

    /** What the side file and the options say. */
    Settings settings(Session session, ManifestFile file) {
        Faults faults = new Faults();
        SettingsReader reader = new SettingsReader(faults);
        if (sideFile != null) {
            SideFile.read(session.workingFolder().resolve(sideFile), sideFile, faults, reader);
        } else if (Files.isRegularFile(file.sideFile())) {
            SideFile.read(file.sideFile(), file.shown() + ".yaml", faults, reader);
        }
        faults.check();
        Faults ofOptions = new Faults();
        SettingsReader settings = reader.with(ofOptions);
        options().forEach((key, value) -> settings.take(key, value, place(key)));
        labels.forEach((name, value) -> settings.take("labels", name, TextNode.valueOf(value), place("label")));
        defaults.forEach((name, value) -> settings.take("defaults", name, value(value), place("default")));
        try {
            ofOptions.check();
        } catch (FaultsException e) {
            throw new IllegalArgumentException(
                    e.faults().stream().map(ManifestOptions::shown).collect(Collectors.joining("; ")), e);
        }
        return settings.settings(file.baseName());
    }

    /** The words of the command line that say the same again. */
    String words() {
        List<String> words = new ArrayList<>();
        words.add(manifest);
        if (sideFile != null) {
            words.addAll(List.of("--settings", sideFile));
        }
        options().forEach((key, value) -> {
            String option = "--" + key.replace('_', '-');
            if (value.isBoolean()) {
                words.add(value.asBoolean() ? option : "--no-" + key);
            } else {
                words.addAll(List.of(option, value.asText()));
            }
        });
        labels.forEach((key, value) -> words.addAll(List.of("--label", key + "=" + value)));
        defaults.forEach((key, value) -> words.addAll(List.of("--default", key + "=" + value)));
        return ShellWord.joined(words);
    }

    /** Where faults are written to; null = nowhere. */
    @Nullable
    Path errorsFile(Session session) {
        return errors == null ? null : session.workingFolder().resolve(errors);
    }

    private Map<String, JsonNode> options() {
        Map<String, @Nullable JsonNode> given = new LinkedHashMap<>();
        given.put("library", text(library));
        given.put("lane", text(lane));
        given.put("budget_usd", budgetUsd == null ? null : DecimalNode.valueOf(budgetUsd));
        given.put("output", text(output));
        given.put("takes", whole(takes));
        given.put("max_attempts", whole(maxAttempts));
        given.put("retake", text(retake));
        given.put("max_retakes", whole(maxRetakes));
        given.put("reuse", reuse == null ? null : BooleanNode.valueOf(reuse));
        given.put("unknown_price", text(unknownPrice));
        Map<String, JsonNode> options = new LinkedHashMap<>();
        given.forEach((key, value) -> {
            if (value != null) {
                options.put(key, value);
            }
        });
        return options;
    }

    private static @Nullable JsonNode text(@Nullable String value) {
        return value == null ? null : TextNode.valueOf(value);
    }

    private static @Nullable JsonNode whole(@Nullable Integer value) {
        return value == null ? null : IntNode.valueOf(value);
    }

    /** JSON where it is JSON, so that numbers are numbers; else a text. */
    private static JsonNode value(String text) {
        JsonNode value = SettingsReader.json(text);
        return value == null ? TextNode.valueOf(text) : value;
    }

    private static Place place(String key) {
        return new Place("--" + key.replace('_', '-'), 0);
    }

    private static String shown(Fault fault) {
        return fault.file() + ": " + fault.message();
    }
}
