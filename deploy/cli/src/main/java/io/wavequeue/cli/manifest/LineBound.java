package io.wavequeue.cli.manifest;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/** Ends the reading of a row that is too long to be held in memory, as everything behind a quote that is never closed is. */
final class LineBound extends FilterReader {

    /** The longest request that the API takes. */
    static final int MOST_CHARS = 1024 * 1024;

    /** Parsers are that much ahead of what they give. */
    private static final int READ_AHEAD = 128 * 1024;

    private int chars;

    LineBound(Reader in) {
        super(in);
    }

    /** A row is too long. */
    static final class LineTooLongException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** The next row begins. */
    void next() {
        chars = 0;
    }

    @Override
    public int read(char[] buffer, int from, int length) throws IOException {
        int read = in.read(buffer, from, length);
        count(Math.max(0, read));
        return read;
    }

    @Override
    public int read() throws IOException {
        int read = in.read();
        count(read < 0 ? 0 : 1);
        return read;
    }

    private void count(int read) throws LineTooLongException {
        chars += read;
        if (chars > MOST_CHARS + READ_AHEAD) {
            throw new LineTooLongException();
        }
    }
}
