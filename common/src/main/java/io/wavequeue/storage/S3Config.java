package io.wavequeue.storage;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** The bucket of outputs; without one they lie in a folder. Environment: {@code WAVEQUEUE_OUTPUT_S3_BUCKET} and so on. */
@ConfigMapping(prefix = "wavequeue.output.s3")
public interface S3Config {
    Optional<String> bucket();

    /** What all keys begin with. */
    Optional<String> prefix();

    /** The server's address, for one that is not Amazon's. */
    Optional<String> endpoint();

    /** Without it: the one that the AWS SDK finds; with an endpoint, {@code us-east-1}. */
    Optional<String> region();

    /** Whether the bucket is named in the path and not in the host. Without it: true with an endpoint, else false. */
    Optional<Boolean> pathStyle();

    /** Without it, the AWS SDK's default chain finds the credentials. */
    Optional<String> accessKeyId();

    /** Never logged. */
    Optional<String> secretAccessKey();
}
