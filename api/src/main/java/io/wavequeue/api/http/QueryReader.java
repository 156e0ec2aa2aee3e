package io.wavequeue.api.http;

import io.wavequeue.catalogue.FieldError;
import io.wavequeue.catalogue.NearestName;
import io.wavequeue.catalogue.TextCheck;
import jakarta.ws.rs.core.UriInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads query parameters, or the same in a JSON body, and notes everything that is wrong with them. Unknown names are
 * refused: a misspelt filter would silently mean every job.
 */
public final class QueryReader {
    private static final int LONGEST_NAME = 64;

    private final Map<String, List<String>> given;
    private final Form form;
    private final List<FieldError> errors = new ArrayList<>();

    private QueryReader(Map<String, List<String>> given, Form form, List<String> known, Map<String, String> elsewhere) {
        this.given = given;
        this.form = form;
        given.keySet().stream()
                .filter(name -> !known.contains(name))
                .sorted()
                .forEach(name -> refuseUnknown(name, known, elsewhere));
    }

    /** @param prefix stands before the names in problems */
    private record Form(String prefix, String noun, String holder) {
        static final Form QUERY = new Form("", "parameter", "call");
    }

    /** @param known every parameter that the call takes */
    public static QueryReader of(UriInfo uri, String... known) {
        return of(uri, List.of(known));
    }

    /** @param known every parameter that the call takes */
    public static QueryReader of(UriInfo uri, List<String> known) {
        return of(uri, known, Map.of());
    }

    /** @param elsewhere parameters that other calls take, and why this one does not */
    public static QueryReader of(UriInfo uri, List<String> known, Map<String, String> elsewhere) {
        return new QueryReader(uri.getQueryParameters(), Form.QUERY, known, elsewhere);
    }

    /**
     * For an object within a JSON body.
     *
     * @param object the object's field in the body
     * @param given the texts of its fields
     */
    public static QueryReader ofBody(String object, Map<String, List<String>> given, List<String> known) {
        return new QueryReader(given, new Form(object + ".", "field", object), known, Map.of());
    }

    /** For calls that take none. */
    public static void refuseAll(UriInfo uri) {
        of(uri).finish();
    }

    /** Every value of a parameter that may be repeated, in their order. */
    public List<String> all(String name) {
        List<String> values = given.getOrDefault(name, List.of());
        return values.stream().filter(value -> isText(name, value)).toList();
    }

    /** The value of a parameter that may be given once. */
    public Optional<String> one(String name) {
        List<String> values = given.getOrDefault(name, List.of());
        if (values.size() > 1) {
            refuse(name, "is given " + values.size() + " times; once is allowed");
            return Optional.empty();
        }
        return values.stream().filter(value -> isText(name, value)).findFirst();
    }

    public void refuse(String name, String message) {
        errors.add(new FieldError(form.prefix() + name, message));
    }

    /** Whether it is a URL that is read: in one, some characters are written as others. */
    public boolean isOfUrl() {
        return form.equals(Form.QUERY);
    }

    /** What was refused so far. */
    public List<FieldError> errors() {
        return List.copyOf(errors);
    }

    /** Ends the call when anything was refused. */
    public void finish() {
        if (!errors.isEmpty()) {
            throw ProblemException.listing(ProblemKind.BAD_PARAMETER, errors);
        }
    }

    private boolean isText(String name, String value) {
        if (value.isEmpty()) {
            refuse(name, "is empty; leave it out or give a value");
            return false;
        }
        Optional<String> problem = TextCheck.problem(value);
        problem.ifPresent(reason -> refuse(name, reason));
        return problem.isEmpty();
    }

    private void refuseUnknown(String name, List<String> known, Map<String, String> elsewhere) {
        @Nullable String why = elsewhere.get(name);
        if (why != null) {
            refuse(name, why);
            return;
        }
        String hint = known.isEmpty()
                ? "this " + form.holder() + " takes none"
                : NearestName.of(name, known)
                        .map(nearest -> "did you mean \"" + nearest + "\"?")
                        .orElseGet(() -> "known: " + String.join(", ", known));
        refuse(
                name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) + "…" : name,
                "unknown " + form.noun() + "; " + hint);
    }
}
