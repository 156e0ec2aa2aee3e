package io.wavequeue.api.media;

import io.wavequeue.api.http.FrontDoor;
import io.wavequeue.api.http.ProblemException;
import io.wavequeue.api.http.ProblemKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a {@code multipart/form-data} body (RFC 7578) part by part, in the memory of one buffer however long the parts
 * are. Whatever the bytes are, the worst that comes of them is a {@link BrokenFormException}, or 413 when they are more than
 * {@link FrontDoor#MOST_BYTES}.
 */
final class FormReader {
    private static final Pattern BOUNDARY =
            Pattern.compile("(?i);\\s*boundary=(?:\"([^\"\\r\\n]{1,70})\"|([^\\s\";,]{1,70}))\\s*(?:;|$)");
    private static final Pattern NAME = Pattern.compile("(?i);\\s*name=(?:\"([^\"]*)\"|([^\\s\";]+))");
    private static final Pattern FILENAME = Pattern.compile("(?i);\\s*filename=(?:\"([^\"]*)\"|([^\\s\";]+))");
    private static final String DISPOSITION = "content-disposition:";
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int MOST_HEADER_BYTES = 8 * 1024;
    private static final int MOST_PARTS = 100;

    private final InputStream body;
    private final byte[] delimiter;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int from;
    private int to;
    private boolean ended;
    private long bytes;

    private FormReader(InputStream body, String boundary) {
        this.body = body;
        this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
        // The first delimiter stands at the start of the body: with this it looks like all others.
        buffer[0] = '\r';
        buffer[1] = '\n';
        to = 2;
    }

    /** Empty when the header names no boundary. */
    static Optional<FormReader> of(InputStream body, String contentType) {
        Matcher boundary = BOUNDARY.matcher(contentType);
        return boundary.find() ? Optional.of(new FormReader(body, either(boundary))) : Optional.empty();
    }

    /** The head of a part. */
    record Part(String name, String filename) {}

    /** Goes to the first file of that name, past all other parts; empty when the form has none. */
    Optional<Part> file(String name) throws IOException {
        copyPart(OutputStream.nullOutputStream());
        for (int parts = 0; hasPart(); parts++) {
            if (parts == MOST_PARTS) {
                throw new BrokenFormException("the form has more than " + MOST_PARTS + " parts");
            }
            Optional<Part> part = part(head());
            if (part.isPresent() && part.get().name().equals(name)) {
                return part;
            }
            copyPart(OutputStream.nullOutputStream());
        }
        return Optional.empty();
    }

    /** Copies up to the next delimiter, and goes past it. */
    void copyPart(OutputStream out) throws IOException {
        while (true) {
            int at = indexOfDelimiter();
            if (at >= 0) {
                out.write(buffer, from, at - from);
                from = at + delimiter.length;
                return;
            }
            int sure = Math.max(0, to - from - delimiter.length + 1);
            out.write(buffer, from, sure);
            from += sure;
            more();
        }
    }

    /** Behind a delimiter: two hyphens end the form, a line's end begins a part. */
    private boolean hasPart() throws IOException {
        int first = next();
        int second = next();
        if (first == '-' && second == '-') {
            return false;
        }
        while (first == ' ' || first == '\t') {
            first = second;
            second = next();
        }
        if (first != '\r' || second != '\n') {
            throw new BrokenFormException("the form's boundary is not followed by the end of its line");
        }
        return true;
    }

    /** Header lines up to the empty one. */
    private String head() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int lineLength = 0;
        while (head.size() < MOST_HEADER_BYTES) {
            int c = next();
            head.write(c);
            if (c == '\n') {
                if (lineLength == 0) {
                    return head.toString(StandardCharsets.UTF_8);
                }
                lineLength = 0;
            } else if (c != '\r') {
                lineLength++;
            }
        }
        throw new BrokenFormException("the head of a part has more than " + MOST_HEADER_BYTES + " bytes");
    }

    private static Optional<Part> part(String head) {
        for (String line : head.split("\r?\n", -1)) {
            if (line.regionMatches(true, 0, DISPOSITION, 0, DISPOSITION.length())) {
                Matcher name = NAME.matcher(line);
                Matcher filename = FILENAME.matcher(line);
                return name.find() && filename.find()
                        ? Optional.of(new Part(either(name), either(filename)))
                        : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static String either(Matcher quotedOrNot) {
        String quoted = quotedOrNot.group(1);
        return quoted == null ? quotedOrNot.group(2) : quoted;
    }

    private int indexOfDelimiter() {
        for (int at = from; at <= to - delimiter.length; at++) {
            if (buffer[at] == '\r'
                    && Arrays.equals(buffer, at, at + delimiter.length, delimiter, 0, delimiter.length)) {
                return at;
            }
        }
        return -1;
    }

    private int next() throws IOException {
        if (from == to) {
            more();
        }
        return buffer[from++] & 0xFF;
    }

    /** Reads on; what has not been taken yet moves to the front. */
    private void more() throws IOException {
        System.arraycopy(buffer, from, buffer, 0, to - from);
        to -= from;
        from = 0;
        int read = ended ? -1 : read();
        if (read < 0) {
            ended = true;
            throw new BrokenFormException("the form ends before its closing boundary");
        }
        to += read;
    }

    /** A caller who hangs up, or sends more than a form may have, is the caller's trouble and not the disk's. */
    private int read() throws BrokenFormException {
        try {
            int read = body.read(buffer, to, buffer.length - to);
            bytes += Math.max(0, read);
            if (bytes > FrontDoor.MOST_BYTES) {
                throw new ProblemException(
                        ProblemKind.TOO_LARGE, "at most %,d bytes may be sent here".formatted(FrontDoor.MOST_BYTES));
            }
            return read;
        } catch (IOException e) {
            throw new BrokenFormException("the body ends before its announced length");
        }
    }
}
