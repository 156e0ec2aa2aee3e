package io.wavequeue.cli.manifest;

import io.wavequeue.cli.manifest.LineBound.LineTooLongException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/**
 * CSV as the API reads it: UTF-8 with or without a byte order mark, separated by comma, semicolon or tab, the first line
 * naming the columns. The copy has the same rows on the same lines, and the columns that were missing behind the others.
 */
final class CsvCopier implements Copier {

    private static final int LONGEST_HEADER = 64 * 1024;
    private static final char BYTE_ORDER_MARK = '\uFEFF';
    private static final CSVFormat FORMAT = CSVFormat.RFC4180
            .builder()
            .setIgnoreEmptyLines(false)
            .setRecordSeparator('\n')
            .get();

    private final String file;
    private final LineFilling filling;
    private final Faults faults;

    CsvCopier(String file, LineFilling filling, Faults faults) {
        this.file = file;
        this.filling = filling;
        this.faults = faults;
    }

    @Override
    public void copy(InputStream from, OutputStream to) throws IOException {
        LineBound bound = new LineBound(new InputStreamReader(from, StandardCharsets.UTF_8));
        BufferedReader text = new BufferedReader(bound, LONGEST_HEADER);
        skipMark(text);
        CSVFormat format = FORMAT.builder().setDelimiter(separator(text)).get();
        try (CSVParser parser = format.parse(text);
                CSVPrinter copy = new CSVPrinter(new OutputStreamWriter(to, StandardCharsets.UTF_8), format)) {
            long line = 1;
            try {
                Iterator<CSVRecord> rows = parser.iterator();
                Table table = new Table(copy);
                while (rows.hasNext()) {
                    table.copy(line, rows.next().toList());
                    bound.next();
                    line = parser.getCurrentLineNumber() + 1;
                }
            } catch (UncheckedIOException e) {
                faults.add(new Fault(file, line, "", reason(e)));
            }
        }
    }

    /** Rows behind their header. */
    private final class Table {
        private final CSVPrinter copy;
        private final Map<String, Integer> columns = new HashMap<>();
        private int own = -1;
        private List<String> beside = List.of();

        Table(CSVPrinter copy) {
            this.copy = copy;
        }

        void copy(long line, List<String> cells) throws IOException {
            if (own < 0) {
                header(cells);
            } else if (cells.stream().allMatch(String::isEmpty)) {
                copy.println(); // an empty row is none, and must not become one
            } else if (cells.size() != own) {
                faults.add(new Fault(
                        file, line, "", "the line has %,d fields, the header %,d".formatted(cells.size(), own)));
                copy.println();
            } else {
                List<String> row = new ArrayList<>(cells);
                beside.forEach(_ -> row.add(""));
                filling.fill(new CsvLine(columns, row), line);
                copy.printRecord(row);
            }
        }

        /** What is wrong with the names is the API's to say. */
        private void header(List<String> cells) throws IOException {
            List<String> names =
                    new ArrayList<>(cells.stream().map(String::strip).toList());
            own = names.size();
            beside = filling.columnsBeside(names);
            names.addAll(beside);
            for (int i = 0; i < names.size(); i++) {
                columns.putIfAbsent(names.get(i), i);
            }
            List<String> row = new ArrayList<>(cells);
            row.addAll(beside);
            copy.printRecord(row);
        }
    }

    /** The one that stands in the header most often, outside of quotes: the API's own rule. */
    private static char separator(BufferedReader text) throws IOException {
        text.mark(LONGEST_HEADER);
        int commas = 0;
        int semicolons = 0;
        int tabs = 0;
        boolean quoted = false;
        for (int read = 0; read < LONGEST_HEADER; read++) {
            int c = text.read();
            if (c < 0 || (!quoted && (c == '\n' || c == '\r'))) {
                break;
            }
            quoted ^= c == '"';
            commas += !quoted && c == ',' ? 1 : 0;
            semicolons += !quoted && c == ';' ? 1 : 0;
            tabs += !quoted && c == '\t' ? 1 : 0;
        }
        text.reset();
        if (commas >= Math.max(semicolons, tabs)) {
            return ',';
        }
        return semicolons >= tabs ? ';' : '\t';
    }

    private static void skipMark(BufferedReader text) throws IOException {
        text.mark(1);
        if (text.read() != BYTE_ORDER_MARK) {
            text.reset();
        }
    }

    private static String reason(UncheckedIOException failure) {
        if (failure.getCause() instanceof LineTooLongException) {
            return "the line has more than %,d characters; is a quote opened here and never closed?"
                    .formatted(LineBound.MOST_CHARS);
        }
        return String.valueOf(failure.getMessage()).contains("EOF")
                ? "a quote is opened here and never closed"
                : "behind a closing quote only a separator may follow; a quote within a quoted field is doubled";
    }
}
