package io.wavequeue.api.media;

import io.wavequeue.api.media.ClipRefusedException.Fault;
import io.wavequeue.api.media.MediaFolder.Kept;
import io.wavequeue.store.MediaStore;
import io.wavequeue.store.MediaStore.Media;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Keeps a clip, wherever it comes from, when it is audio and not too long. */
@ApplicationScoped
public class ClipIntake {
    private static final Logger LOG = Logger.getLogger(ClipIntake.class);
    private static final long MOST_BYTES = 50L * 1024 * 1024;
    private static final int LONGEST_NAME = 200;

    private final MediaFolder folder;
    private final MediaStore store;

    ClipIntake(MediaFolder folder, MediaStore store) {
        this.folder = folder;
        this.store = store;
    }

    /** What the first bytes and the header tell of a clip. */
    private record Told(AudioKind kind, @Nullable BigDecimal seconds) {}

    /**
     * Keeps the content, or throws {@link ClipRefusedException}.
     *
     * @param filename as given, with or without folders
     */
    MediaView keep(MediaFolder.Content content, String filename) throws IOException, InterruptedException {
        Kept<Told> kept = folder.keep(out -> content.writeTo(new Bounded(out)), ClipIntake::told);
        String contentType = kept.found().kind().contentType();
        store.add(new Media(
                kept.sha256(),
                kept.bytes(),
                contentType,
                plain(filename),
                kept.found().seconds(),
                null));
        LOG.infof("media %s kept: %s, %d bytes", kept.sha256(), contentType, kept.bytes());
        return new MediaView("media:sha256:" + kept.sha256(), kept.bytes(), contentType);
    }

    /** The clip with this SHA-256, when its file is here too. */
    Optional<MediaView> find(String sha256) {
        return store.find(sha256, Duration.ZERO)
                .filter(media -> folder.holds(media.sha256(), media.bytes()))
                .map(media -> new MediaView("media:sha256:" + sha256, media.bytes(), media.contentType()));
    }

    private static Told told(Path clip) throws IOException {
        byte[] head;
        try (InputStream content = Files.newInputStream(clip)) {
            head = content.readNBytes(AudioKind.HEAD_BYTES);
        }
        if (head.length == 0) {
            throw new ClipRefusedException(Fault.EMPTY, "is empty");
        }
        AudioKind kind = AudioKind.of(head)
                .orElseThrow(() -> new ClipRefusedException(
                        Fault.NOT_AUDIO, "is not audio that the models take: WAV, FLAC, MP3, Ogg, M4A, AAC or WebM"));
        return new Told(kind, ClipLength.seconds(kind, clip));
    }

    /** Ends the call when a clip is too long, before more of it is written. */
    private static final class Bounded extends FilterOutputStream {
        private long bytes;

        Bounded(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] content, int from, int length) throws IOException {
            bytes += length;
            if (bytes > MOST_BYTES) {
                throw new ClipRefusedException(Fault.TOO_LARGE, "may have at most %,d bytes".formatted(MOST_BYTES));
            }
            out.write(content, from, length);
        }
    }

    /** A name for people, and for the provider's upload: no folders, nothing that needs escaping. */
    private static String plain(String given) {
        String name = given.substring(Math.max(given.lastIndexOf('/'), given.lastIndexOf('\\')) + 1);
        String safe = name.replaceAll("[^\\p{L}\\p{N} ._()-]", "_").strip();
        if (safe.isEmpty()) {
            return "clip";
        }
        return safe.codePointCount(0, safe.length()) <= LONGEST_NAME
                ? safe
                : safe.substring(0, safe.offsetByCodePoints(0, LONGEST_NAME));
    }
}
