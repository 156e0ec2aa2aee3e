package io.wavequeue.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * A bucket. An object is there whole or not at all; the SHA-256 of what is sent is a part of what is signed,
 * so the server compares it; it is kept beside the object too.
 *
 * <p>Files are written to a folder of this machine first, since their key is known only when they are there.
 */
final class S3Storage implements OutputStorage {
    private static final Logger LOG = Logger.getLogger(S3Storage.class);

    /** Metadata of each object. */
    private static final String SHA_256 = "sha256";

    private static final int NOT_FOUND = 404;

    /** A call that carries no file. Shorter than the placer's lease. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Duration OLD = Duration.ofDays(1);

    private final S3Client client;
    private final S3Settings settings;
    private final Path parts;
    private final InstantSource clock;

    /** @param parts folder of this machine for files that are under way */
    S3Storage(S3Client client, S3Settings settings, Path parts, InstantSource clock) {
        this.client = client;
        this.settings = settings;
        this.parts = parts.toAbsolutePath();
        this.clock = clock;
    }

    @Override
    public Path part(String folder) throws StorageException {
        try {
            return Files.createDirectories(parts).resolve(UUID.randomUUID() + ".part");
        } catch (IOException failure) {
            throw new StorageException("nothing can be written to " + parts + ": " + failure.getMessage(), failure);
        }
    }

    @Override
    public void put(Path part, String key, Content content) throws StorageException {
        String name = name(key);
        Hashes.check(part, key, content);
        call(
                "write " + key,
                () -> client.putObject(
                        put -> put.bucket(settings.bucket())
                                .key(name)
                                .contentType(content.type())
                                .contentLength(content.bytes())
                                .metadata(Map.of(SHA_256, content.sha256())),
                        RequestBody.fromFile(part)));
        try {
            Files.deleteIfExists(part);
        } catch (IOException left) {
            LOG.warnf("%s is stored and could not be removed; it is removed at a start a day from now", part);
        }
    }

    @Override
    public boolean holds(String key, Content content) throws StorageException {
        HeadObjectResponse head = head(key);
        return head != null && isContent(head, content);
    }

    private static boolean isContent(HeadObjectResponse head, Content content) {
        return head.contentLength() == content.bytes()
                && content.sha256().equals(head.metadata().get(SHA_256));
    }

    @Override
    public OptionalLong size(String key) throws StorageException {
        HeadObjectResponse head = Keys.isSafe(key) ? head(key) : null;
        return head == null ? OptionalLong.empty() : OptionalLong.of(head.contentLength());
    }

    private @Nullable HeadObjectResponse head(String key) throws StorageException {
        String name = name(key);
        return found(
                "look at " + key,
                () -> client.headObject(
                        head -> head.bucket(settings.bucket()).key(name).overrideConfiguration(soon())));
    }

    @Override
    public InputStream open(String key) throws StorageException {
        String name = name(key);
        return call(
                "read " + key,
                () -> client.getObject(get -> get.bucket(settings.bucket()).key(name)));
    }

    @Override
    public Optional<LocalFile> local(String key) throws StorageException {
        String name = name(key);
        Path part = part("");
        LocalFile local = new LocalFile(part, true);
        try {
            Object there = found(
                    "read " + key,
                    () -> client.getObject(get -> get.bucket(settings.bucket()).key(name), part));
            if (there != null) {
                return Optional.of(local);
            }
        } catch (StorageException failure) {
            local.close();
            throw failure;
        }
        local.close();
        return Optional.empty();
    }

    /** What is there already, whole, is not copied again. */
    @Override
    public boolean copy(String from, String to, Content content) throws StorageException {
        HeadObjectResponse target = head(to);
        if (target != null && isContent(target, content)) {
            return true;
        }
        HeadObjectResponse source = head(from);
        if (source == null || !isContent(source, content)) {
            return false;
        }
        String name = name(to);
        String sourceName = name(from);
        return null
                != found(
                        "copy " + from + " to " + to,
                        () -> client.copyObject(copy -> copy.sourceBucket(settings.bucket())
                                .sourceKey(sourceName)
                                .destinationBucket(settings.bucket())
                                .destinationKey(name)
                                .copySourceIfMatch(source.eTag())
                                .metadataDirective(MetadataDirective.COPY)
                                .overrideConfiguration(soon())));
    }

    @Override
    public void delete(String key) throws StorageException {
        String name = name(key);
        call(
                "remove " + key,
                () -> client.deleteObject(
                        delete -> delete.bucket(settings.bucket()).key(name).overrideConfiguration(soon())));
    }

    @Override
    public void check() {
        try {
            client.headBucket(head -> head.bucket(settings.bucket()).overrideConfiguration(soon()));
            LOG.infof("outputs lie in bucket %s, below \"%s\"", settings.bucket(), settings.prefix());
        } catch (S3Exception refused) {
            if (refused.statusCode() < 500 && refused.statusCode() != 429) {
                throw new IllegalStateException(
                        "the bucket \"%s\" (WAVEQUEUE_OUTPUT_S3_BUCKET) cannot be used: %s"
                                .formatted(settings.bucket(), what(refused)),
                        refused);
            }
            LOG.warnf("the bucket %s does not answer (%s); outputs wait for it", settings.bucket(), what(refused));
        } catch (SdkException away) {
            if (!isAway(away)) {
                throw new IllegalStateException(
                        "the storage of outputs (WAVEQUEUE_OUTPUT_S3_…) cannot be used: " + what(away), away);
            }
            LOG.warnf("the storage of outputs does not answer (%s); outputs wait for it", what(away));
        }
        sweep(clock.instant().minus(OLD));
    }

    /** Without credentials waiting does not help. */
    private static boolean isAway(SdkException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException || cause instanceof ApiCallTimeoutException) {
                return true;
            }
        }
        return false;
    }

    private static String what(SdkException failure) {
        if (failure instanceof S3Exception answered) {
            return switch (answered.statusCode()) {
                case NOT_FOUND -> "there is no such bucket (404)";
                case 401, 403 -> "these credentials may not use it (" + answered.statusCode() + ")";
                case 301, 400 ->
                    "it is in another region, or the request was not understood (" + answered.statusCode() + ")";
                default -> "answered with " + answered.statusCode();
            };
        }
        return String.valueOf(failure.getMessage());
    }

    /** What killed processes left. */
    private void sweep(Instant before) {
        if (!Files.isDirectory(parts)) {
            return;
        }
        try (Stream<Path> left = Files.list(parts)) {
            for (Path part : left.toList()) {
                if (Files.getLastModifiedTime(part).toInstant().isBefore(before)) {
                    Files.deleteIfExists(part);
                }
            }
        } catch (IOException failure) {
            LOG.warnf("%s cannot be tidied: %s", parts, failure.getMessage());
        }
    }

    @Override
    public boolean isRemote() {
        return true;
    }

    private String name(String key) throws StorageException {
        return settings.prefix() + Keys.checked(key);
    }

    private static Consumer<AwsRequestOverrideConfiguration.Builder> soon() {
        return override -> override.apiCallTimeout(PATIENCE);
    }

    private static <T> T call(String what, Supplier<T> call) throws StorageException {
        try {
            return call.get();
        } catch (SdkException failure) {
            throw failed(what, failure);
        }
    }

    private static <T> @Nullable T found(String what, Supplier<T> call) throws StorageException {
        try {
            return call.get();
        } catch (S3Exception failure) {
            if (failure.statusCode() == NOT_FOUND) {
                return null;
            }
            throw failed(what, failure);
        } catch (SdkException failure) {
            throw failed(what, failure);
        }
    }

    private static StorageException failed(String what, SdkException failure) {
        return new StorageException("the storage did not " + what + ": " + failure.getMessage(), failure);
    }
}
