package io.wavequeue.storage;

import java.io.IOException;
import java.net.URI;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStoreContext;
import org.jclouds.blobstore.TransientApiMetadata;

/** Serves S3 from memory, says its port, and ends with its standard input. Arguments: bucket, access key, secret. */
final class S3ServerMain {
    private S3ServerMain() {}

    public static void main(String[] arguments) throws Exception {
        BlobStoreContext objects =
                ContextBuilder.newBuilder(new TransientApiMetadata()).build(BlobStoreContext.class);
        objects.getBlobStore().createContainerInLocation(null, arguments[0]);
        S3Proxy server = S3Proxy.builder()
                .blobStore(objects.getBlobStore())
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V4, arguments[1], arguments[2])
                .build();
        server.start();
        System.out.println(server.getPort());
        awaitEnd();
        Runtime.getRuntime().halt(0);
    }

    private static void awaitEnd() throws IOException {
        while (System.in.read() >= 0) {
            // until whoever started it closes it, or ends
        }
    }
}
