package io.wavequeue.storage;

import io.wavequeue.storage.S3Settings.AccessKeys;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.scheme.AuthSchemeOption;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.auth.scheme.S3AuthSchemeParams;
import software.amazon.awssdk.services.s3.auth.scheme.S3AuthSchemeProvider;

/** Makes clients of S3-compatible storage. */
final class S3Clients {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration SILENCE = Duration.ofSeconds(30);

    /** All tries of a call that carries a file. */
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private static final S3AuthSchemeProvider SCHEMES = S3AuthSchemeProvider.defaultProvider();

    private S3Clients() {}

    static S3Client of(S3Settings settings) {
        S3ClientBuilder builder = S3Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECT)
                        .socketTimeout(SILENCE))
                .credentialsProvider(credentials(settings.keys()))
                .region(region(settings.region()))
                .forcePathStyle(settings.pathStyle())
                // The body's SHA-256 is signed, which every server has to compare; others' servers do not all know
                // other checksums.
                .authSchemeProvider(S3Clients::signingBodies)
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .serviceConfiguration(service -> service.chunkedEncodingEnabled(false))
                .overrideConfiguration(override -> override.apiCallTimeout(LONGEST));
        @Nullable URI endpoint = settings.endpoint();
        return (endpoint == null ? builder : builder.endpointOverride(endpoint)).build();
    }

    private static List<AuthSchemeOption> signingBodies(S3AuthSchemeParams call) {
        return SCHEMES.resolveAuthScheme(call).stream()
                .map(scheme -> scheme.toBuilder()
                        .putSignerProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, true)
                        .build())
                .toList();
    }

    private static AwsCredentialsProvider credentials(@Nullable AccessKeys keys) {
        return keys == null
                ? DefaultCredentialsProvider.builder().build()
                : StaticCredentialsProvider.create(AwsBasicCredentials.create(keys.id(), keys.secret()));
    }

    private static Region region(@Nullable String named) {
        if (named != null) {
            return Region.of(named);
        }
        try {
            return DefaultAwsRegionProviderChain.builder().build().getRegion();
        } catch (SdkClientException nowhere) {
            throw new IllegalArgumentException(
                    "WAVEQUEUE_OUTPUT_S3_BUCKET is set, and no region: set WAVEQUEUE_OUTPUT_S3_REGION or AWS_REGION",
                    nowhere);
        }
    }
}
