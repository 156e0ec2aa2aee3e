package io.wavequeue.library;

import io.wavequeue.catalogue.NearestName;
import io.wavequeue.job.NewTake;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a cue's files are named, such as <code>{category}/{reference}_{take:02}.{ext}</code>.
 *
 * <p>Fields: <code>{reference}</code>; <code>{take}</code>, or <code>{take:03}</code> with zeros in front; <code>{model}</code>,
 * the last part of the model's id; <code>{ext}</code>, which may only stand at the end; and any label by its key. Slashes
 * separate folders, in values too.
 */
public final class NameTemplate {
    private static final Pattern FIELD = Pattern.compile("\\{([^{}]*)}");
    private static final Pattern TAKE = Pattern.compile("take(?::0([1-9]))?");
    private static final String TAKE_FIELD = "take";
    private static final String REFERENCE = "reference";
    private static final String MODEL = "model";
    private static final String EXTENSION = ".{ext}";
    private static final String BEFORE_TAKE = "_-. ";
    private static final int LONGEST_TEMPLATE = 300;
    private static final int LONGEST_NAME = 200;
    private static final Pattern UNSAFE = Pattern.compile("[\\\\:*?\"<>|\\p{Cntrl}]");

    /** Names that Windows keeps for itself, with whatever extension. */
    private static final Pattern RESERVED =
            Pattern.compile("(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\\..*)?", Pattern.CASE_INSENSITIVE);

    private final String text;

    private NameTemplate(String text) {
        this.text = text;
    }

    /** A template, or what is wrong with it. */
    public sealed interface Parsed {
        record Good(NameTemplate template) implements Parsed {}

        /** @param problem the predicate of a sentence */
        record Bad(String problem) implements Parsed {}
    }

    /** Reads a template. Whether its labels are there is seen when it is filled in. */
    public static Parsed parse(String text) {
        if (text.length() > LONGEST_TEMPLATE) {
            return new Parsed.Bad("is longer than " + LONGEST_TEMPLATE + " characters");
        }
        String base = text.endsWith(EXTENSION) ? text.substring(0, text.length() - EXTENSION.length()) : text;
        if (base.contains("{ext}")) {
            return new Parsed.Bad("has {ext} elsewhere than at its end, behind a point");
        }
        String literal = FIELD.matcher(base).replaceAll("");
        if (literal.indexOf('{') >= 0 || literal.indexOf('}') >= 0) {
            return new Parsed.Bad("has a brace that opens or closes no field");
        }
        Matcher fields = FIELD.matcher(base);
        while (fields.find()) {
            String field = fields.group(1);
            if (field.isBlank()) {
                return new Parsed.Bad("has a field without a name: {}");
            }
            if (field.startsWith(TAKE_FIELD + ":") && !TAKE.matcher(field).matches()) {
                return new Parsed.Bad("has {" + field + "}; a take is {take}, or {take:02} with zeros in front");
            }
        }
        return new Parsed.Good(new NameTemplate(base));
    }

    /** The names, or what is wrong with them. */
    public sealed interface Filled {
        record Good(NewTake.Names names) implements Filled {}

        /** @param problem the predicate of a sentence */
        record Bad(String problem) implements Filled {}
    }

    /** Fills the template in. */
    public Filled fill(@Nullable String reference, String model, int take, Map<String, String> labels) {
        List<String> problems = new ArrayList<>();
        String own = filled(text, reference, model, take, labels, problems);
        String cue = filled(withoutTake(), reference, model, take, labels, problems);
        if (!problems.isEmpty()) {
            return new Filled.Bad(problems.getFirst());
        }
        for (String name : List.of(own, cue)) {
            Optional<String> problem = problem(name);
            if (problem.isPresent()) {
                return new Filled.Bad("gives the name \"" + name + "\", which " + problem.get());
            }
        }
        return new Filled.Good(new NewTake.Names(own, folded(own), cue, folded(cue)));
    }

    /** As a file system sees it that does not tell case from case. */
    private static String folded(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    }

    /** Why no file may have the name, as the predicate of a sentence; empty when it is fine on every system. */
    static Optional<String> problem(String name) {
        if (name.length() > LONGEST_NAME) {
            return Optional.of("is longer than " + LONGEST_NAME + " characters");
        }
        for (String part : name.split("/", -1)) {
            if (part.isEmpty()) {
                return Optional.of("has an empty folder or file name");
            }
            if (part.equals(".") || part.equals("..")) {
                return Optional.of("leads out of its folder");
            }
            if (UNSAFE.matcher(part).find()) {
                return Optional.of("has a character that files may not have on every system: \\ : * ? \" < > |");
            }
            if (part.startsWith(" ") || part.endsWith(" ") || part.endsWith(".")) {
                return Optional.of("begins or ends with a blank, or ends with a point");
            }
            if (part.startsWith(".")) {
                return Optional.of("begins with a point, which hides it");
            }
            if (RESERVED.matcher(part).matches()) {
                return Optional.of("is a name that Windows keeps for itself");
            }
        }
        return Optional.empty();
    }

    /** The same without the take and the sign that sets it apart. */
    private String withoutTake() {
        Matcher fields = FIELD.matcher(text);
        StringBuilder cue = new StringBuilder();
        int from = 0;
        while (fields.find()) {
            if (TAKE.matcher(fields.group(1)).matches()) {
                int to = fields.start();
                boolean isSetApart = to > from && BEFORE_TAKE.indexOf(text.charAt(to - 1)) >= 0;
                cue.append(text, from, isSetApart ? to - 1 : to);
                from = fields.end();
            }
        }
        return cue.append(text.substring(from)).toString();
    }

    private static String filled(
            String template,
            @Nullable String reference,
            String model,
            int take,
            Map<String, String> labels,
            List<String> problems) {
        return FIELD.matcher(template).replaceAll(field -> {
            String name = field.group(1);
            Matcher ofTake = TAKE.matcher(name);
            if (ofTake.matches()) {
                String width = ofTake.group(1);
                return width == null ? Integer.toString(take) : ("%0" + width + "d").formatted(take);
            }
            @Nullable
            String value =
                    switch (name) {
                        case REFERENCE -> reference;
                        case MODEL -> model.substring(model.lastIndexOf('/') + 1);
                        default -> labels.get(name);
                    };
            if (value == null || value.isEmpty()) {
                problems.add("names {" + name + "}, which this line does not have" + hint(name, labels.keySet()));
                return "";
            }
            return Matcher.quoteReplacement(value);
        });
    }

    private static String hint(String name, Set<String> labels) {
        Set<String> known = new TreeSet<>(labels);
        known.addAll(List.of(REFERENCE, TAKE_FIELD, MODEL));
        return NearestName.of(name, known)
                .filter(nearest -> !nearest.equals(name))
                .map(nearest -> "; did you mean {" + nearest + "}?")
                .orElse("; known: {" + String.join("}, {", known) + "} and labels by their keys");
    }
}
