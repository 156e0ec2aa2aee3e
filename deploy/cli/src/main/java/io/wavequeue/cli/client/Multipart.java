package io.wavequeue.cli.client;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A {@code multipart/form-data} body with the one field {@code file}. */
final class Multipart {

    // Fixed, since the content is audio of our own making; RFC 2046 only asks that it does not occur in it.
    private static final String BOUNDARY = "wavequeue-5f0c7a1e-media-boundary";

    private final String filename;
    private final String type;
    private final byte[] content;

    Multipart(String filename, String type, byte[] content) {
        this.filename = filename;
        this.type = type;
        this.content = content;
    }

    String contentType() {
        return "multipart/form-data; boundary=" + BOUNDARY;
    }

    byte[] body() {
        String head = "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + filename
                + "\"\r\nContent-Type: " + type + "\r\n\r\n";
        ByteArrayOutputStream body = new ByteArrayOutputStream(content.length + 400);
        body.writeBytes(head.getBytes(StandardCharsets.UTF_8));
        body.writeBytes(content);
        body.writeBytes(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return body.toByteArray();
    }
}
