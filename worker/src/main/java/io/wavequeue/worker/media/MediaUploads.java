package io.wavequeue.worker.media;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.wavequeue.store.MediaStore;
import io.wavequeue.store.MediaStore.Media;
import io.wavequeue.wiring.WavequeueConfig;
import io.wavequeue.worker.provider.Transfers;
import io.wavequeue.worker.provider.UploadRefusedException;
import io.wavequeue.worker.provider.UploadTicket;
import io.wavequeue.worker.provider.WaveSpeed;
import io.wavequeue.worker.run.WorkerConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Uploads source clips, each content once at a time.
 *
 * <p>An upload is free and may be repeated. The caller holds a claim that is good for seconds only, so it does not wait
 * long: a longer upload goes on by itself, and the job's next claim finds it done.
 */
@ApplicationScoped
public class MediaUploads {
    private static final Logger LOG = Logger.getLogger(MediaUploads.class);

    /** The provider deletes uploads after 7 days; a prediction may read its source late. */
    private static final Duration LIFETIME = Duration.ofDays(7);

    private static final Duration STILL_GOOD_FOR = Duration.ofDays(1);
    private static final Duration SLOW_AGAIN = Duration.ofSeconds(5);
    private static final Duration FAILED_AGAIN = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final MediaStore store;
    private final WaveSpeed provider;
    private final Transfers transfers;
    private final Path folder;
    private final ConcurrentHashMap<String, CompletableFuture<Upload>> underWay = new ConcurrentHashMap<>();

    private final Semaphore places;

    MediaUploads(
            MediaStore store, WaveSpeed provider, Transfers transfers, WavequeueConfig config, WorkerConfig worker) {
        this.store = store;
        this.provider = provider;
        this.transfers = transfers;
        this.folder = config.dataDir().resolve("media");
        this.places = new Semaphore(worker.uploads());
    }

    /** What became of an upload. */
    public sealed interface Upload {
        /** The provider can read it there. */
        record Done(String url) implements Upload {}

        /** Not within the caller's patience, or not just now; ask again. */
        record UnderWay(String reason, Duration again) implements Upload {}

        /** The clip is not there, or the provider refuses it. */
        record Lost(String reason) implements Upload {}
    }

    public Upload upload(String sha256) throws InterruptedException {
        Optional<Media> media = store.find(sha256, STILL_GOOD_FOR);
        if (media.isEmpty()) {
            return new Upload.Lost("the clip media:sha256:" + sha256 + " is not known here");
        }
        String url = media.get().providerUrl();
        return url != null ? new Upload.Done(url) : await(media.get());
    }

    private Upload await(Media media) throws InterruptedException {
        CompletableFuture<Upload> upload = underWay.computeIfAbsent(media.sha256(), sha256 -> startIfFree(media));
        if (upload == null) {
            return new Upload.UnderWay("as many source clips as may be are being uploaded", SLOW_AGAIN);
        }
        try {
            return upload.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException slow) {
            return new Upload.UnderWay("its source clip is still being uploaded", SLOW_AGAIN);
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("an upload ends with a value", impossible);
        }
    }

    private @Nullable CompletableFuture<Upload> startIfFree(Media media) {
        if (!places.tryAcquire()) {
            return null;
        }
        CompletableFuture<Upload> started = new CompletableFuture<>();
        Thread.ofVirtual().name("upload").start(() -> run(media, started));
        return started;
    }

    /** It is over before anybody hears of it: who asks again then does not join one that has ended. */
    private void run(Media media, CompletableFuture<Upload> result) {
        Upload upload;
        try {
            upload = attempt(media);
        } finally {
            underWay.remove(media.sha256());
            places.release();
        }
        result.complete(upload);
    }

    /** A thread's edge: whatever goes wrong, the job is tried again later. */
    private Upload attempt(Media media) {
        try {
            // Another upload may have ended since the caller looked.
            Optional<String> arrived =
                    store.find(media.sha256(), STILL_GOOD_FOR).map(Media::providerUrl);
            return arrived.isPresent() ? new Upload.Done(arrived.get()) : put(media);
        } catch (UploadRefusedException refused) {
            return new Upload.Lost("the provider does not take its source clip: " + refused.getMessage());
        } catch (IOException | InterruptedException | RuntimeException failure) {
            LOG.warnf("a source clip could not be uploaded and is tried again: %s", failure.getMessage());
            return new Upload.UnderWay("its source clip could not be uploaded: " + failure.getMessage(), FAILED_AGAIN);
        }
    }

    private Upload put(Media media) throws IOException, InterruptedException {
        Path file = folder.resolve(media.sha256());
        if (!Files.isRegularFile(file)) {
            return new Upload.Lost(
                    "the file of the clip media:sha256:" + media.sha256() + " is gone from the media folder");
        }
        UploadTicket ticket = provider.uploadTicket(JsonNodeFactory.instance
                .objectNode()
                .put("filename", media.filename())
                .put("size", media.bytes())
                .put("content_type", media.contentType())
                .toString());
        transfers.upload(ticket, file);
        store.uploaded(media.sha256(), ticket.downloadUrl(), LIFETIME);
        return new Upload.Done(ticket.downloadUrl());
    }
}
