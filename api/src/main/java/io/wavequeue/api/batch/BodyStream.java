package io.wavequeue.api.batch;

import io.wavequeue.api.http.ProblemException;
import io.wavequeue.api.http.ProblemKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A file as it comes: hashed, and held to a limit. What is wrong with it as a body is a {@link ProblemException}. */
final class BodyStream extends InputStream {
    private final InputStream in;
    private final long most;
    private final MessageDigest digest;
    private long bytes;

    /** @param most bytes that it may have */
    BodyStream(InputStream in, long most) {
        this.in = in;
        this.most = most;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int from, int length) {
        int read;
        try {
            read = in.read(buffer, from, length);
        } catch (IOException e) {
            throw new ProblemException(ProblemKind.BAD_REQUEST, "the body ended before its announced length");
        }
        if (read > 0) {
            bytes += read;
            if (bytes > most) {
                throw new ProblemException(
                        ProblemKind.TOO_LARGE, "a file of jobs may have at most %,d bytes".formatted(most));
            }
            digest.update(buffer, from, read);
        }
        return read;
    }

    /** Reads what is left; SHA-256 of all of it, in lower-case hex. */
    String sha256() throws IOException {
        transferTo(OutputStream.nullOutputStream());
        return HexFormat.of().formatHex(digest.digest());
    }
}
