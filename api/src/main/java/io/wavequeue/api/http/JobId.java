package io.wavequeue.api.http;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Ids in paths and parameters: UUIDs in their usual form, not the short ones that Java also takes. */
public final class JobId {
    private static final Pattern FORM = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private static final String JOB = "job";

    private JobId() {}

    public static Optional<UUID> parse(String text) {
        return FORM.matcher(text).matches() ? Optional.of(UUID.fromString(text)) : Optional.empty();
    }

    /** The id in a path; what is no id names no job. */
    public static UUID ofPath(String text) {
        return ofPath(text, JOB);
    }

    /** The same for other things than jobs. */
    public static UUID ofPath(String text, String thing) {
        return parse(text).orElseThrow(() -> unknown(text, thing));
    }

    /** The problem that there is no such job. */
    public static ProblemException unknown(Object id) {
        return unknown(id, JOB);
    }

    /** The problem that there is no such thing. */
    public static ProblemException unknown(Object id, String thing) {
        String shown = id.toString();
        return new ProblemException(
                ProblemKind.NOT_FOUND,
                "there is no " + thing + " " + (shown.length() > 64 ? shown.substring(0, 64) + "…" : shown));
    }
}
