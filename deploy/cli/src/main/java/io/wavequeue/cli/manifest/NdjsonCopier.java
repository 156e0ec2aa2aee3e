package io.wavequeue.cli.manifest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A JSON object on each line. What is none is copied as it is: the API says what is wrong with it. */
final class NdjsonCopier implements Copier {

    private static final int BUFFER = 64 * 1024;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    /** What a decoder makes of bytes that are not UTF-8. */
    private static final char NOT_UTF8 = '\uFFFD';

    private final String file;
    private final LineFilling filling;
    private final Faults faults;

    NdjsonCopier(String file, LineFilling filling, Faults faults) {
        this.file = file;
        this.filling = filling;
        this.faults = faults;
    }

    @Override
    public void copy(InputStream from, OutputStream to) throws IOException {
        InputStream in = new BufferedInputStream(from, BUFFER);
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        long number = 1;
        boolean tooLong = false;
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b == '\n') {
                give(number++, line, tooLong, to);
                to.write('\n');
                tooLong = false;
            } else if (line.size() < LineBound.MOST_CHARS) {
                line.write(b);
            } else {
                tooLong = true;
            }
        }
        give(number, line, tooLong, to);
        to.flush();
    }

    private void give(long number, ByteArrayOutputStream line, boolean tooLong, OutputStream to) throws IOException {
        byte[] bytes = number == 1 ? withoutMark(line.toByteArray()) : line.toByteArray();
        line.reset();
        if (tooLong) {
            faults.add(new Fault(file, number, "", "is longer than %,d bytes".formatted(LineBound.MOST_CHARS)));
            return;
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        boolean readable = !text.isBlank() && text.indexOf(NOT_UTF8) < 0;
        ObjectNode request = readable ? LineJson.object(text) : null;
        if (request != null) {
            JsonLine filled = new JsonLine(request);
            filling.fill(filled, number);
            if (filled.changed()) {
                to.write(request.toString().getBytes(StandardCharsets.UTF_8));
                return;
            }
        }
        to.write(bytes);
    }

    private static byte[] withoutMark(byte[] line) {
        int mark = BYTE_ORDER_MARK.length;
        boolean marked = line.length >= mark && Arrays.equals(line, 0, mark, BYTE_ORDER_MARK, 0, mark);
        return marked ? Arrays.copyOfRange(line, mark, line.length) : line;
    }
}
