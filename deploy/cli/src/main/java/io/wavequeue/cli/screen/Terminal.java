package io.wavequeue.cli.screen;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the reader sits at.
 *
 * @param live a line may be drawn again; false in a pipe, a log and on a dumb terminal
 * @param columns its width
 */
public record Terminal(boolean live, int columns) {

    private static final int USUAL_COLUMNS = 80;
    private static final int NARROWEST = 40;

    public Terminal {
        if (columns < NARROWEST) {
            columns = NARROWEST;
        }
    }

    /**
     * Reads the usual variables: {@code TERM} (missing or {@code dumb} draws nothing again), {@code COLUMNS}.
     * {@code NO_COLOR} needs no look: no colour is ever written.
     */
    public static Terminal of(boolean console, Map<String, String> environment) {
        String term = environment.getOrDefault("TERM", "dumb");
        return new Terminal(console && !term.equals("dumb"), columns(environment.get("COLUMNS")));
    }

    private static int columns(@Nullable String text) {
        return text != null && text.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(text) : USUAL_COLUMNS;
    }
}
