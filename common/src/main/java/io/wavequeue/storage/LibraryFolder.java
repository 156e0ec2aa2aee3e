package io.wavequeue.storage;

import java.util.regex.Pattern;

/** The folder of a library's named files, below the outputs. */
public final class LibraryFolder {
    /** What all of them begin with. */
    public static final String LIBRARIES = "libraries/";

    /** May bear its own name. Not {@code ~}, which only names of our making have. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9 ._-]{0,59}(?<![ .])");

    private static final Pattern UNSAFE = Pattern.compile("[^A-Za-z0-9_-]+");
    private static final int SHOWN = 40;
    private static final int TOLD_APART = 12;

    private LibraryFolder() {}

    /** A name that is not fit for a folder is made so, and told by its hash from others that would become the same. */
    public static String of(String library) {
        if (PLAIN.matcher(library).matches()) {
            return LIBRARIES + library;
        }
        String shown = UNSAFE.matcher(library).replaceAll("_");
        return LIBRARIES + shown.substring(0, Math.min(SHOWN, shown.length())) + "~"
                + Hashes.sha256(library).substring(0, TOLD_APART);
    }

    /** Whether a name of a file leads to below the library's folder, by its letters. */
    public static boolean mayHold(String library, String name) {
        return Keys.isSafe(of(library) + "/" + name);
    }
}
