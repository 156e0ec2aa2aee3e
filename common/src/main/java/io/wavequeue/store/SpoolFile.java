package io.wavequeue.store;

import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** Rows of one table on disk, in the text form of {@code COPY}: one row a line. The file has no name. */
final class SpoolFile implements Closeable {
    private static final int BUFFER = 64 * 1024;
    private static final String NULL = "\\N";

    private final FileChannel file;
    private final Writer writer;

    private SpoolFile(FileChannel file) {
        this.file = file;
        this.writer = new BufferedWriter(Channels.newWriter(file, StandardCharsets.UTF_8.newEncoder(), BUFFER));
    }

    /** An empty one in the folder, which is made where it is missing. */
    static SpoolFile create(Path folder) throws IOException {
        Files.createDirectories(folder);
        return new SpoolFile(FileChannel.open(
                folder.resolve(".spool-" + UUID.randomUUID()),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE));
    }

    void add(@Nullable Object... columns) throws IOException {
        for (int i = 0; i < columns.length; i++) {
            @Nullable Object column = columns[i];
            writer.write(column == null ? NULL : escaped(column.toString()));
            writer.write(i == columns.length - 1 ? '\n' : '\t');
        }
    }

    /**
     * Copies its rows; may be done again when the transaction is repeated.
     *
     * @param chosen numbers of the rows, from 0; null = all of them
     */
    void copy(Connection connection, String statement, @Nullable BitSet chosen) throws SQLException, IOException {
        writer.flush();
        file.position(0);
        InputStream rows = Channels.newInputStream(file);
        connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn(statement, chosen == null ? rows : new ChosenRows(rows, chosen), BUFFER);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private static String escaped(String text) {
        if (text.indexOf('\\') < 0 && text.indexOf('\n') < 0 && text.indexOf('\t') < 0 && text.indexOf('\r') < 0) {
            return text;
        }
        return text.replace("\\", "\\\\")
                .replace("\n", "\\n")
                .replace("\r", "\\r")
                .replace("\t", "\\t");
    }

    /** Leaves out the lines that were not chosen. */
    private static final class ChosenRows extends FilterInputStream {
        private final BitSet chosen;
        private int row;

        ChosenRows(InputStream rows, BitSet chosen) {
            super(rows);
            this.chosen = chosen;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            int kept = 0;
            while (kept == 0) {
                int read = in.read(buffer, from, length);
                if (read <= 0) {
                    return read;
                }
                for (int i = from; i < from + read; i++) {
                    if (chosen.get(row)) {
                        buffer[from + kept++] = buffer[i];
                    }
                    row += buffer[i] == '\n' ? 1 : 0;
                }
            }
            return kept;
        }
    }
}
