package io.wavequeue.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.cli.manifest.Settings.Place;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** The YAML 1.2 file beside a manifest. Read as a tree, so that every fault has a line. */
public final class SideFile {

    private static final Set<String> OF_NAMES = Set.of("labels", "defaults");
    private static final int DEEPEST = 20;

    private final String shown;
    private final Faults faults;
    private final SettingsReader settings;

    private SideFile(String shown, Faults faults, SettingsReader settings) {
        this.shown = shown;
        this.faults = faults;
        this.settings = settings;
    }

    /** Hands what the file says to {@code settings}. */
    public static void read(Path file, String shown, Faults faults, SettingsReader settings) {
        try (BufferedReader text = Files.newBufferedReader(file)) {
            new SideFile(shown, faults, settings).read(text);
        } catch (IOException e) {
            throw new UncheckedIOException(shown + " cannot be read", e);
        }
    }

    private void read(BufferedReader text) {
        Optional<Node> root;
        try {
            root = new Compose(LoadSettings.builder().setLabel(shown).build()).composeReader(text);
        } catch (MarkedYamlEngineException e) {
            long line = e.getProblemMark().map(mark -> mark.getLine() + 1L).orElse(0L);
            faults.add(new Fault(shown, line, "", "is not YAML: " + e.getProblem()));
            return;
        } catch (YamlEngineException e) {
            faults.add(new Fault(shown, 0, "", "is not YAML: " + e.getMessage()));
            return;
        }
        if (root.isEmpty()) {
            return; // an empty file says nothing
        }
        if (!(root.get() instanceof MappingNode top)) {
            faults.add(place(root.get()).fault("", "must be names and values, such as library: sfx"));
            return;
        }
        for (NodeTuple entry : unique(top, "")) {
            String key = text(entry.getKeyNode());
            if (!OF_NAMES.contains(key)) {
                settings.take(key, json(entry.getValueNode(), false, 0), place(entry.getKeyNode()));
            } else if (entry.getValueNode() instanceof MappingNode names) {
                for (NodeTuple named : unique(names, key + ".")) {
                    JsonNode value = json(named.getValueNode(), key.equals("labels"), 0);
                    settings.take(key, text(named.getKeyNode()), value, place(named.getKeyNode()));
                }
            } else if (!isNull(entry.getValueNode())) {
                faults.add(place(entry.getKeyNode()).fault(key, "must be names and values"));
            }
        }
    }

    private List<NodeTuple> unique(MappingNode mapping, String prefix) {
        Set<String> names = new HashSet<>();
        for (NodeTuple entry : mapping.getValue()) {
            String name = text(entry.getKeyNode());
            if (!names.add(name)) {
                faults.add(place(entry.getKeyNode()).fault(prefix + name, "stands here twice"));
            }
        }
        return mapping.getValue();
    }

    /** @param words whether scalars are wanted as they are written */
    private JsonNode json(Node node, boolean words, int depth) {
        if (depth > DEEPEST) {
            faults.add(place(node).fault("", "is nested too deeply"));
            return JsonNodeFactory.instance.nullNode();
        }
        return switch (node) {
            case ScalarNode scalar -> scalar(scalar, words);
            case SequenceNode sequence -> {
                ArrayNode list = JsonNodeFactory.instance.arrayNode();
                sequence.getValue().forEach(one -> list.add(json(one, words, depth + 1)));
                yield list;
            }
            case MappingNode mapping -> {
                ObjectNode object = JsonNodeFactory.instance.objectNode();
                mapping.getValue()
                        .forEach(entry ->
                                object.set(text(entry.getKeyNode()), json(entry.getValueNode(), words, depth + 1)));
                yield object;
            }
            default -> JsonNodeFactory.instance.nullNode();
        };
    }

    private static JsonNode scalar(ScalarNode scalar, boolean words) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        String text = scalar.getValue();
        Tag tag = scalar.getTag();
        if (tag.equals(Tag.NULL)) {
            return json.nullNode();
        }
        if (words) {
            return json.textNode(text);
        }
        if (tag.equals(Tag.BOOL)) {
            return json.booleanNode(text.equalsIgnoreCase("true"));
        }
        try {
            if (tag.equals(Tag.INT)) {
                BigInteger whole = new BigInteger(text);
                return whole.bitLength() < Integer.SIZE ? json.numberNode(whole.intValue()) : json.numberNode(whole);
            }
            return tag.equals(Tag.FLOAT) ? json.numberNode(new BigDecimal(text)) : json.textNode(text);
        } catch (NumberFormatException e) { // .inf, .nan
            return json.textNode(text);
        }
    }

    private static boolean isNull(Node node) {
        return node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.NULL);
    }

    private static String text(Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : node.toString();
    }

    private Place place(Node node) {
        return new Place(
                shown, node.getStartMark().map(mark -> mark.getLine() + 1L).orElse(0L));
    }
}
