package io.wavequeue.storage;

import static java.util.stream.Collectors.joining;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A server that speaks S3 (S3Proxy), in a process of its own: its libraries do not go together with those of Quarkus' tests. */
public final class S3Server implements AutoCloseable {
    static final String BUCKET = "clips";
    static final String ACCESS_KEY = "tester";
    static final String SECRET_KEY = "a secret of the tests";

    /** Quarkus' tests bring an older one, whose annotations the server's libraries do not have. */
    private static final Pattern NOT_FOR_IT = Pattern.compile("guice-5|sisu");

    private final Process process;
    private final String endpoint;

    private S3Server(Process process, String endpoint) {
        this.process = process;
        this.endpoint = endpoint;
    }

    public static S3Server start() {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !NOT_FOR_IT.matcher(entry).find())
                .collect(joining(File.pathSeparator));
        try {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx96m",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "--sun-misc-unsafe-memory-access=allow",
                            "-cp",
                            classPath,
                            S3ServerMain.class.getName(),
                            BUCKET,
                            ACCESS_KEY,
                            SECRET_KEY)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String port = process.inputReader().readLine();
            return new S3Server(process, "http://127.0.0.1:" + Integer.parseInt(port));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Its bucket, as the programs use it. */
    public OutputStorage storage(Path parts) {
        return storage(parts, new Settings(BUCKET, "studio/outputs", endpoint, ACCESS_KEY, SECRET_KEY));
    }

    OutputStorage storage(Path parts, Settings settings) {
        S3Settings checked = S3Settings.of(settings);
        if (checked == null) {
            throw new IllegalArgumentException("no bucket");
        }
        return new S3Storage(S3Clients.of(checked), checked, parts, InstantSource.system());
    }

    String endpoint() {
        return endpoint;
    }

    /** Names of all objects that begin like that. */
    public List<String> objects(String prefix) {
        S3Settings settings = S3Settings.of(new Settings(BUCKET, null, endpoint, ACCESS_KEY, SECRET_KEY));
        try (S3Client client = S3Clients.of(Objects.requireNonNull(settings))) {
            return client.listObjectsV2(list -> list.bucket(BUCKET).prefix(prefix)).contents().stream()
                    .map(S3Object::key)
                    .sorted()
                    .toList();
        }
    }

    /** Settings as a person writes them; null = not set. */
    record Settings(
            @Nullable String bucketName,
            @Nullable String prefixText,
            @Nullable String endpointText,
            @Nullable String id,
            @Nullable String secret)
            implements S3Config {
        @Override
        public Optional<String> bucket() {
            return Optional.ofNullable(bucketName);
        }

        @Override
        public Optional<String> prefix() {
            return Optional.ofNullable(prefixText);
        }

        @Override
        public Optional<String> endpoint() {
            return Optional.ofNullable(endpointText);
        }

        @Override
        public Optional<String> region() {
            return Optional.empty();
        }

        @Override
        public Optional<Boolean> pathStyle() {
            return Optional.empty();
        }

        @Override
        public Optional<String> accessKeyId() {
            return Optional.ofNullable(id);
        }

        @Override
        public Optional<String> secretAccessKey() {
            return Optional.ofNullable(secret);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
