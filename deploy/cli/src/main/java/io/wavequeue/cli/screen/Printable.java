package io.wavequeue.cli.screen;

/** Text from elsewhere, made safe to print: an error message must not steer the reader's terminal. */
public final class Printable {

    private Printable() {}

    /** The text on one line, each control character replaced by a blank. */
    public static String line(String text) {
        StringBuilder line = new StringBuilder(text.length());
        text.codePoints().forEach(c -> line.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
        return line.toString();
    }
}
