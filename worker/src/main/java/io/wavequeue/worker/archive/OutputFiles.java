package io.wavequeue.worker.archive;

import io.wavequeue.storage.Content;
import io.wavequeue.storage.OutputStorage;
import io.wavequeue.storage.StorageException;
import io.wavequeue.store.ArchiveStore.ArchivedFile;
import io.wavequeue.store.ArchiveStore.DueOutput;
import io.wavequeue.store.ArchiveStore.Owner;
import io.wavequeue.worker.provider.Transfers;
import io.wavequeue.worker.provider.Transfers.Download;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Fetches an output to a temporary file, checks it and has it stored under its name. */
@ApplicationScoped
class OutputFiles {
    private static final Pattern EXTENSION = Pattern.compile("\\.([A-Za-z0-9]{1,5})$");

    private static final Pattern UNSAFE = Pattern.compile("[^A-Za-z0-9-]");
    private static final String UNASSIGNED = "unassigned";

    /** The byte order mark of UTF-8, each byte as a character. */
    private static final String UTF8_MARK = "\u00EF\u00BB\u00BF";

    private final Transfers transfers;
    private final OutputStorage storage;
    private final InstantSource clock;

    OutputFiles(Transfers transfers, OutputStorage storage, InstantSource clock) {
        this.transfers = transfers;
        this.storage = storage;
        this.clock = clock;
    }

    /**
     * The file, stored under its final name. One that was fetched before is not fetched again.
     *
     * @throws io.wavequeue.storage.StorageException when it is not the link that fails, but we
     */
    ArchivedFile fetch(DueOutput output) throws IOException, InterruptedException {
        ArchivedFile fetched = output.fetched();
        return fetched != null && isWhole(fetched) ? fetched : download(output);
    }

    private boolean isWhole(ArchivedFile fetched) throws StorageException {
        return storage.holds(fetched.file(), new Content(fetched.bytes(), fetched.sha256(), fetched.contentType()));
    }

    private ArchivedFile download(DueOutput output) throws IOException, InterruptedException {
        URI url = url(output.url());
        String place = folder(output.owner());
        String start = name(output.owner());
        Path part = storage.part(place);
        try {
            Download download = transfers.download(url, part);
            check(download);
            @Nullable
            String type = download.contentType().map(OutputFiles::mediaType).orElse(null);
            String key = "%s/%s_%d.%s".formatted(place, start, output.number(), extension(url, type));
            storage.put(part, key, new Content(download.bytes(), download.sha256(), type));
            return new ArchivedFile(key, type, download.bytes(), download.sha256());
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private String folder(Owner owner) {
        return switch (owner) {
            case Owner.OfJob job ->
                LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).toString();
            case Owner.OfPrediction prediction -> UNASSIGNED;
        };
    }

    private static String name(Owner owner) {
        return switch (owner) {
            // A replayed job keeps the clips that it had: what it makes then must not take their place.
            case Owner.OfJob(UUID id, int attempt) -> attempt == 1 ? id.toString() : id + "-" + attempt;
            // The provider's text: nothing in it may lead out of the folder.
            case Owner.OfPrediction prediction ->
                UNSAFE.matcher(prediction.id()).replaceAll("_");
        };
    }

    private static URI url(String text) throws IOException {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException unreadable) {
            throw new IOException("the output's URL cannot be read", unreadable);
        }
    }

    private static void check(Download download) throws IOException {
        if (download.status() != 200) {
            throw new IOException("the download was answered with " + download.status());
        }
        long size = download.bytes();
        if (size == 0) {
            throw new IOException("the download is empty");
        }
        if (download.length().isPresent() && download.length().getAsLong() != size) {
            throw new IOException("the download brought %d of %d bytes"
                    .formatted(size, download.length().getAsLong()));
        }
        if (isPage(download.start())) {
            throw new IOException("the download is a page of text, not a clip");
        }
    }

    /** Whether it begins as HTML, XML or JSON does, which no audio format does: an error page that came with status 200. */
    private static boolean isPage(byte[] bytes) {
        String start = new String(bytes, StandardCharsets.ISO_8859_1);
        String text = (start.startsWith(UTF8_MARK) ? start.substring(UTF8_MARK.length()) : start).stripLeading();
        return text.startsWith("<") || text.startsWith("{");
    }

    private static String mediaType(String contentType) {
        int end = contentType.indexOf(';');
        return (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    private static String extension(URI url, @Nullable String type) {
        Matcher matcher = EXTENSION.matcher(url.getPath() == null ? "" : url.getPath());
        if (matcher.find()) {
            return matcher.group(1).toLowerCase(Locale.ROOT);
        }
        return switch (type == null ? "" : type) {
            case "audio/mpeg" -> "mp3";
            case "audio/wav", "audio/x-wav" -> "wav";
            case "audio/flac", "audio/x-flac" -> "flac";
            case "audio/ogg" -> "ogg";
            case "audio/opus" -> "opus";
            case "audio/mp4" -> "m4a";
            case "audio/aac" -> "aac";
            default -> "bin";
        };
    }
}
