package io.wavequeue.api.batch;

import io.wavequeue.api.batch.LineBound.LineTooLongException;
import io.wavequeue.catalogue.Catalogue;
import io.wavequeue.catalogue.FieldError;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * CSV as spreadsheets and scripts write it: UTF-8 with or without a byte order mark, separated by comma, semicolon or tab,
 * fields quoted as in RFC 4180. The first line names the columns, in any order.
 */
final class CsvManifest implements Manifest {
    private static final int LONGEST_HEADER = 64 * 1024;
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    /** What a decoder makes of bytes that are not UTF-8. */
    private static final char NOT_UTF8 = '\uFFFD';

    private static final CSVFormat FORMAT =
            CSVFormat.RFC4180.builder().setIgnoreEmptyLines(false).get();

    private final CsvColumns columns;

    CsvManifest(Catalogue catalogue) {
        columns = new CsvColumns(catalogue);
    }

    @Override
    public void read(InputStream body, Lines to) throws IOException {
        LineBound bound = new LineBound(new InputStreamReader(body, StandardCharsets.UTF_8));
        BufferedReader text = new BufferedReader(bound, LONGEST_HEADER);
        skipMark(text);
        CSVFormat format = FORMAT.builder().setDelimiter(separator(text)).get();
        try (CSVParser parser = format.parse(text)) {
            Rows rows = new Rows(parser, bound);
            try {
                give(rows, to);
            } catch (UncheckedIOException e) {
                to.bad(rows.line(), "", reason(e));
            }
        }
    }

    private void give(Rows rows, Lines to) throws IOException {
        if (rows.next() && header(rows, to)) {
            while (rows.next()) {
                giveRow(rows, to);
            }
        }
    }

    /** Without the right columns no line can be judged. */
    private boolean header(Rows rows, Lines to) throws IOException {
        List<FieldError> errors = columns.header(rows.cells());
        for (FieldError error : errors) {
            to.bad(rows.line(), error.field(), error.message());
        }
        return errors.isEmpty();
    }

    private void giveRow(Rows rows, Lines to) throws IOException {
        List<String> cells = rows.cells();
        if (cells.stream().allMatch(String::isEmpty)) {
            return;
        }
        if (cells.size() != columns.count()) {
            to.bad(rows.line(), "", "the line has %,d fields, the header %,d".formatted(cells.size(), columns.count()));
            return;
        }
        boolean isText = true;
        for (int i = 0; i < cells.size(); i++) {
            if (cells.get(i).indexOf(NOT_UTF8) >= 0) {
                to.bad(rows.line(), columns.name(i), "is not UTF-8; save the file as CSV in UTF-8");
                isText = false;
            }
        }
        if (isText) {
            to.request(new Place(rows.line(), CsvColumns::column), columns.request(cells), rows.size());
        }
    }

    /** The one that stands in the header most often, outside of quotes. */
    private static char separator(BufferedReader text) throws IOException {
        text.mark(LONGEST_HEADER);
        int commas = 0;
        int semicolons = 0;
        int tabs = 0;
        boolean isQuoted = false;
        for (int read = 0; read < LONGEST_HEADER; read++) {
            int c = text.read();
            if (c < 0 || (!isQuoted && (c == '\n' || c == '\r'))) {
                break;
            }
            isQuoted ^= c == '"';
            commas += !isQuoted && c == ',' ? 1 : 0;
            semicolons += !isQuoted && c == ';' ? 1 : 0;
            tabs += !isQuoted && c == '\t' ? 1 : 0;
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

    /** The file's rows with the lines on which they begin. */
    private static final class Rows {
        private final CSVParser parser;
        private final Iterator<CSVRecord> records;
        private final LineBound bound;
        private List<String> cells = List.of();
        private int line;
        private int size;

        Rows(CSVParser parser, LineBound bound) {
            this.parser = parser;
            this.records = parser.iterator();
            this.bound = bound;
        }

        /** @throws UncheckedIOException when what comes is not CSV; its line is then this one's */
        boolean next() {
            line = Math.toIntExact(parser.getCurrentLineNumber() + 1);
            if (!records.hasNext()) {
                return false;
            }
            cells = records.next().toList();
            size = bound.next();
            return true;
        }

        List<String> cells() {
            return cells;
        }

        int line() {
            return line;
        }

        int size() {
            return size;
        }
    }
}
