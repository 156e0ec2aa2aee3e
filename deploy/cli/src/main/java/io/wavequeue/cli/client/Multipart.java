package io.wavequeue.cli.client;

import java.io.FileNotFoundException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A {@code multipart/form-data} body with the one field {@code file}. */
final class Multipart {

    private final String filename;
    private final String type;
    private final String boundary;
    private final BodyPublisher content;

    /** @param mark does not occur in the content, which its own hash cannot but by chance */
    private Multipart(String filename, String type, String mark, BodyPublisher content) {
        this.filename = filename.replaceAll("[\\p{Cntrl}\"\\\\]", "_");
        this.type = type;
        this.boundary = "wavequeue-" + mark;
        this.content = content;
    }

    /** Audio of our own making. */
    static Multipart of(String filename, String type, byte[] content) {
        return new Multipart(filename, type, "5f0c7a1e-media-boundary", BodyPublishers.ofByteArray(content));
    }

    /** A file, read while it is sent. */
    static Multipart of(Path file, String sha256) throws FileNotFoundException {
        return new Multipart(
                String.valueOf(file.getFileName()),
                "application/octet-stream",
                sha256.substring(0, 40),
                BodyPublishers.ofFile(file));
    }

    String contentType() {
        return "multipart/form-data; boundary=" + boundary;
    }

    BodyPublisher body() {
        String head = "--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + filename
                + "\"\r\nContent-Type: " + type + "\r\n\r\n";
        return BodyPublishers.concat(
                BodyPublishers.ofString(head, StandardCharsets.UTF_8),
                content,
                BodyPublishers.ofString("\r\n--" + boundary + "--\r\n", StandardCharsets.UTF_8));
    }
}
