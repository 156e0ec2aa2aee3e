package io.wavequeue.cli.screen;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Columns as wide as their widest cell, two spaces apart, numbers to the right. A row may have notes below it, which do
 * not widen a column, so a long reason does not push the table apart.
 */
public final class TextTable {

    private static final String GAP = "  ";
    private static final int LONGEST_RULE = 100;

    private final List<Column> columns;
    private final List<Line> lines = new ArrayList<>();

    /** A table with these columns. */
    public TextTable(List<Column> columns) {
        this.columns = List.copyOf(columns);
    }

    /** One column: its heading, and whether its cells stand to the right. */
    public record Column(String heading, boolean right) {

        /** A column of words. */
        public static Column left(String heading) {
            return new Column(heading, false);
        }

        /** A column of numbers. */
        public static Column right(String heading) {
            return new Column(heading, true);
        }
    }

    private sealed interface Line {
        record Row(List<String> cells) implements Line {}

        record Note(String text) implements Line {}

        record Rule() implements Line {}
    }

    /** Adds a row, a cell for each column. */
    public TextTable row(String... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException("a row of " + cells.length + " cells in a table of " + columns.size()
                    + ": " + Arrays.toString(cells));
        }
        lines.add(new Line.Row(List.of(cells)));
        return this;
    }

    /** Adds a line below the last row. */
    public TextTable note(String text) {
        lines.add(new Line.Note(text));
        return this;
    }

    /** Adds a line across. */
    public TextTable rule() {
        lines.add(new Line.Rule());
        return this;
    }

    /** The finished lines, heading first, without blanks at their ends. */
    public List<String> lines() {
        int[] widths = widths();
        String rule =
                "-".repeat(Math.min(LONGEST_RULE, Arrays.stream(widths).sum() + GAP.length() * (widths.length - 1)));
        List<String> text = new ArrayList<>();
        text.add(joined(columns.stream().map(Column::heading).toList(), widths));
        text.add(rule);
        for (Line line : lines) {
            text.add(
                    switch (line) {
                        case Line.Row row -> joined(row.cells(), widths);
                        case Line.Note note -> GAP + Printable.line(note.text());
                        case Line.Rule _ -> rule;
                    });
        }
        return text;
    }

    private int[] widths() {
        int[] widths = columns.stream().mapToInt(c -> c.heading().length()).toArray();
        for (Line line : lines) {
            if (line instanceof Line.Row row) {
                for (int i = 0; i < widths.length; i++) {
                    widths[i] = Math.max(widths[i], row.cells().get(i).length());
                }
            }
        }
        return widths;
    }

    private String joined(List<String> cells, int[] widths) {
        List<String> padded = IntStream.range(0, widths.length)
                .mapToObj(i -> pad(cells.get(i), widths[i], columns.get(i).right()))
                .toList();
        return Printable.line(String.join(GAP, padded)).stripTrailing();
    }

    private static String pad(String cell, int width, boolean right) {
        String blanks = " ".repeat(width - cell.length());
        return right ? blanks + cell : cell + blanks;
    }
}
