package io.wavequeue.api.batch;

import io.wavequeue.api.http.JsonBody;
import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/** Ends the reading of a request that is too long to be held in memory, as everything behind a quote that is never closed is. */
final class LineBound extends FilterReader {
    /** The longest request, as of the body of {@code POST /v1/jobs}. */
    static final int MOST_CHARS = JsonBody.MOST_BYTES;

    /** Parsers are that much ahead of what they give. */
    private static final int READ_AHEAD = 128 * 1024;

    private int chars;

    LineBound(Reader in) {
        super(in);
    }

    /** A request is too long. */
    static final class LineTooLongException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** The next request begins. Returns about how long the last one was. */
    int next() {
        int last = chars;
        chars = 0;
        return last;
    }

    @Override
    public int read(char[] buffer, int from, int length) throws IOException {
        int read = in.read(buffer, from, length);
        count(read);
        return read;
    }

    @Override
    public int read() throws IOException {
        int read = in.read();
        count(read < 0 ? 0 : 1);
        return read;
    }

    private void count(int read) throws LineTooLongException {
        chars += Math.max(0, read);
        if (chars > MOST_CHARS + READ_AHEAD) {
            throw new LineTooLongException();
        }
    }
}
