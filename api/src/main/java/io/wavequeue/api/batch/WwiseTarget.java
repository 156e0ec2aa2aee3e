package io.wavequeue.api.batch;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where an import into Wwise finds the archived files, and where it puts what it makes of them.
 *
 * @param root the folder of outputs, as the machine with Wwise names it; empty = the folder in which the import file lies
 * @param parent path of the object below which sounds and containers are made
 */
record WwiseTarget(String root, String parent) {
    static final String USUAL_PARENT = "\\Actor-Mixer Hierarchy\\Default Work Unit";

    /** What has a meaning in an object path, and what Windows refuses in the name of a file. Read by Java and by PostgreSQL. */
    static final String NOT_IN_NAMES = "[\\\\/:*?\"<>|]|^\\s+|\\s+$";

    private static final String BACKSLASH = "\\";
    private static final Pattern REPLACED = Pattern.compile(NOT_IN_NAMES);

    /** An object may be preceded by its type, as in {@code <Actor-Mixer>Music}. */
    private static final String OBJECT = "(<[A-Za-z][A-Za-z -]*>)?[^\\\\/:*?\"<>|]+";

    private static final Pattern PARENT = Pattern.compile("\\\\?" + OBJECT + "(\\\\" + OBJECT + ")*\\\\?");

    /** What is wrong with the parent, as the predicate of a sentence. */
    Optional<String> problem() {
        return PARENT.matcher(parent).matches()
                ? Optional.empty()
                : Optional.of("is no object path such as " + USUAL_PARENT + " or " + USUAL_PARENT
                        + "\\<Actor-Mixer>Ambience");
    }

    /** The text as the name of an object. */
    static String name(String text) {
        return REPLACED.matcher(text).replaceAll("_");
    }

    /** Path of an object below the parent; the objects are given with their types. */
    String objectPath(String object) {
        return parent.endsWith(BACKSLASH) ? parent + object : parent + BACKSLASH + object;
    }

    /** Path of an archived file. Its separators are Windows', unless the root is of another system. */
    String audioFile(String file) {
        String separator = root.startsWith("/") ? "/" : BACKSLASH;
        String local = file.replace("/", separator);
        return root.isEmpty() || root.endsWith("/") || root.endsWith(BACKSLASH)
                ? root + local
                : root + separator + local;
    }
}
