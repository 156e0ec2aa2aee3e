package io.wavequeue.api.batch;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.admission.JsonRead;
import io.wavequeue.admission.StrictJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** One JSON object per line; lines of nothing but white space are passed over. */
final class NdjsonManifest implements Manifest {
    private static final int BUFFER = 64 * 1024;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    @Override
    public void read(InputStream body, Lines to) throws IOException {
        byte[] buffer = new byte[BUFFER];
        OneLine line = new OneLine();
        int number = 1;
        for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
            int from = 0;
            for (int i = 0; i < read; i++) {
                if (buffer[i] == '\n') {
                    line.add(buffer, from, i);
                    give(number++, line, to);
                    from = i + 1;
                }
            }
            line.add(buffer, from, read);
        }
        give(number, line, to);
    }

    private static void give(int number, OneLine line, Lines to) throws IOException {
        boolean isTooLong = line.isTooLong();
        byte[] bytes = line.take();
        byte[] json = number == 1 ? withoutMark(bytes) : bytes;
        if (isTooLong) {
            to.bad(number, "", "is longer than %,d bytes".formatted(LineBound.MOST_CHARS));
        } else if (!isBlank(json)) {
            switch (StrictJson.read(json)) {
                case JsonRead.Value(JsonNode request) -> to.request(Place.of(number), request, json.length);
                case JsonRead.Malformed(String reason, int ignored, int column) ->
                    to.bad(number, "", "is not JSON: %s (column %d)".formatted(reason, column));
            }
        }
    }

    private static byte[] withoutMark(byte[] line) {
        int mark = BYTE_ORDER_MARK.length;
        boolean isMarked = line.length >= mark && Arrays.equals(line, 0, mark, BYTE_ORDER_MARK, 0, mark);
        return isMarked ? Arrays.copyOfRange(line, mark, line.length) : line;
    }

    private static boolean isBlank(byte[] line) {
        for (byte b : line) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }

    /** The line that is being read; of one that is too long the rest is left out. */
    private static final class OneLine {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        void add(byte[] buffer, int from, int to) {
            if (!isTooLong()) {
                bytes.write(buffer, from, to - from);
            }
        }

        boolean isTooLong() {
            return bytes.size() > LineBound.MOST_CHARS;
        }

        byte[] take() {
            byte[] line = bytes.toByteArray();
            bytes.reset();
            return line;
        }
    }
}
