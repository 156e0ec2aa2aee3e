package io.wavequeue.worker.provider;

import io.wavequeue.storage.StorageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/** Writes a body to a file as it comes, and makes it durable at its end. It is hashed on the way, so it is never read again. */
final class DurableFile implements BodySubscriber<DurableFile.Written> {
    private static final int START_BYTES = 64;

    private final FileChannel file;
    private final MessageDigest digest = sha256();
    private final byte[] start = new byte[START_BYTES];
    private final CompletableFuture<Written> written = new CompletableFuture<>();
    private long bytes;
    private @Nullable Subscription subscription;

    /**
     * A body that is on disk.
     *
     * @param sha256 lower-case hexadecimal
     * @param start its first bytes, at most 64
     */
    record Written(long bytes, String sha256, byte[] start) {}

    private DurableFile(FileChannel file) {
        this.file = file;
    }

    /** {@link UncheckedIOException} when it cannot be opened. */
    static DurableFile at(Path path) {
        try {
            return new DurableFile(FileChannel.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public CompletionStage<Written> getBody() {
        return written;
    }

    @Override
    public void onSubscribe(Subscription given) {
        subscription = given;
        given.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        Subscription more = subscription;
        try {
            for (ByteBuffer buffer : buffers) {
                take(buffer);
            }
            if (more != null) {
                more.request(1);
            }
        } catch (IOException failure) {
            if (more != null) {
                more.cancel();
            }
            onError(ours(failure));
        }
    }

    /** A disk that is full says nothing about the link. */
    private static StorageException ours(IOException failure) {
        return new StorageException("the download cannot be written: " + failure.getMessage(), failure);
    }

    private void take(ByteBuffer buffer) throws IOException {
        if (bytes < START_BYTES) {
            int part = (int) Math.min(START_BYTES - bytes, buffer.remaining());
            buffer.get(buffer.position(), start, (int) bytes, part);
        }
        bytes += buffer.remaining();
        digest.update(buffer.duplicate());
        while (buffer.hasRemaining()) {
            file.write(buffer);
        }
    }

    @Override
    public void onError(Throwable failure) {
        try (file) {
            written.completeExceptionally(failure);
        } catch (IOException alsoFailed) {
            failure.addSuppressed(alsoFailed);
        }
    }

    @Override
    public void onComplete() {
        try (file) {
            file.force(true);
        } catch (IOException failure) {
            written.completeExceptionally(ours(failure));
            return;
        }
        byte[] head = Arrays.copyOf(start, (int) Math.min(bytes, START_BYTES));
        written.complete(new Written(bytes, HexFormat.of().formatHex(digest.digest()), head));
    }
}
