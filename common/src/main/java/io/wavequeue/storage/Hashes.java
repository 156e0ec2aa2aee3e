package io.wavequeue.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 in lower-case hexadecimal. */
public final class Hashes {
    private Hashes() {}

    public static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(digest().digest(bytes));
    }

    static String sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    static String sha256(Path file) throws IOException {
        MessageDigest digest = digest();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    static boolean is(Path file, Content content) throws IOException {
        return Files.size(file) == content.bytes() && sha256(file).equals(content.sha256());
    }

    /** Between its being written and its being put, nothing may have become of a file. */
    static void check(Path part, String key, Content content) throws StorageException {
        try {
            if (is(part, content)) {
                return;
            }
        } catch (IOException failure) {
            throw new StorageException(
                    "what was to become " + key + " cannot be read: " + failure.getMessage(), failure);
        }
        throw new StorageException("what was to become " + key + " is not what it was when it was written");
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
