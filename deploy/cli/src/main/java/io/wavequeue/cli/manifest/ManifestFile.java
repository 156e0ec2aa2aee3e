package io.wavequeue.cli.manifest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A manifest, its form, and the names of what lies beside it.
 *
 * @param shown the name as it was typed
 */
public record ManifestFile(Path path, String shown, Form form) {

    private static final int HEAD_BYTES = 4_096;
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    /** The forms of a manifest, with the content types by which the API knows them. */
    public enum Form {
        CSV("text/csv"),
        NDJSON("application/x-ndjson");

        private final String contentType;

        Form(String contentType) {
            this.contentType = contentType;
        }

        /** For the API. */
        public String contentType() {
            return contentType;
        }
    }

    /** A file that is there; its form by its extension, else by its content. */
    public static ManifestFile of(Path workingFolder, String shown) {
        Path path = workingFolder.resolve(shown).normalize();
        if (!Files.isRegularFile(path)) {
            throw new IllegalArgumentException("there is no file " + shown);
        }
        String name = shown.toLowerCase(Locale.ROOT);
        if (name.endsWith(".csv") || name.endsWith(".tsv")) {
            return new ManifestFile(path, shown, Form.CSV);
        }
        boolean lines = name.endsWith(".jsonl") || name.endsWith(".ndjson");
        return new ManifestFile(path, shown, lines ? Form.NDJSON : byContent(path, shown));
    }

    /** Its name without folder and extension: the library, unless the side file names one. */
    public String baseName() {
        String name = String.valueOf(path.getFileName());
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }

    /** The folder that its clips are relative to. */
    public Path folder() {
        Path folder = path.toAbsolutePath().getParent();
        return folder == null ? path : folder;
    }

    /** The side file, which need not be there. */
    public Path sideFile() {
        return path.resolveSibling(path.getFileName() + ".yaml");
    }

    /** The lock file, which need not be there. */
    public Path lockFile() {
        return path.resolveSibling(path.getFileName() + ".lock");
    }

    private static Form byContent(Path path, String shown) {
        String head;
        try (InputStream content = Files.newInputStream(path)) {
            head = new String(content.readNBytes(HEAD_BYTES), StandardCharsets.UTF_8)
                    .replace(BYTE_ORDER_MARK, "")
                    .strip();
        } catch (IOException e) {
            throw new UncheckedIOException(shown + " cannot be read", e);
        }
        if (head.startsWith("[")) {
            throw new IllegalArgumentException(
                    shown + " is a JSON array; a manifest is CSV, or has a JSON object on each line");
        }
        return head.startsWith("{") ? Form.NDJSON : Form.CSV;
    }
}
