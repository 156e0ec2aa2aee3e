package io.wavequeue.cli.clip;

import io.wavequeue.cli.client.ApiRefusedException;
import io.wavequeue.cli.client.LibraryApi;
import io.wavequeue.cli.client.Parallel;
import io.wavequeue.cli.file.Sha256;
import io.wavequeue.cli.manifest.ClipStore;
import io.wavequeue.cli.manifest.ClipUse;
import io.wavequeue.cli.manifest.Faults;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Uploads the clips that the API does not have, four at a time. */
public final class ClipUploads implements ClipStore {

    private static final int AT_ONCE = 4;

    private final LibraryApi api;
    private final KnownHashes hashes;
    private final ClipProgress progress;

    /** @param cache the file that remembers hashes */
    public ClipUploads(LibraryApi api, Path cache, InstantSource clock, ClipProgress progress) {
        this.api = api;
        this.hashes = new KnownHashes(cache, clock);
        this.progress = progress;
    }

    @Override
    public Map<String, String> references(Path folder, Collection<ClipUse> uses, Faults faults)
            throws InterruptedException {
        List<LocalClip> clips = new ArrayList<>();
        for (ClipUse use : uses) {
            LocalClip.of(folder, use, faults).ifPresent(clips::add);
        }
        faults.check();
        if (clips.isEmpty()) {
            return Map.of();
        }
        Map<LocalClip, String> sha256s = hashed(clips, faults);
        faults.check();
        Map<String, String> references = uploaded(sha256s, faults);
        faults.check();
        Map<String, String> byName = new LinkedHashMap<>();
        sha256s.forEach((clip, sha256) -> byName.put(clip.use().name(), String.valueOf(references.get(sha256))));
        return byName;
    }

    private Map<LocalClip, String> hashed(List<LocalClip> clips, Faults faults) throws InterruptedException {
        hashes.load();
        Map<LocalClip, String> sha256s = new ConcurrentHashMap<>();
        Parallel.each(AT_ONCE, clips, clip -> {
            String known = hashes.of(clip);
            try {
                String sha256 = known == null ? Sha256.of(clip.path()) : known;
                sha256s.put(clip, sha256);
                if (known == null) {
                    hashes.add(clip, sha256);
                }
            } catch (IOException e) {
                clip.use().refuse(faults, "cannot be read: " + e.getMessage());
            }
        });
        hashes.save();
        return sha256s;
    }

    private Map<String, String> uploaded(Map<LocalClip, String> sha256s, Faults faults) throws InterruptedException {
        Map<String, List<LocalClip>> byContent = new LinkedHashMap<>();
        sha256s.forEach((clip, sha256) ->
                byContent.computeIfAbsent(sha256, _ -> new ArrayList<>()).add(clip));
        Map<String, String> references = new ConcurrentHashMap<>();
        AtomicInteger sent = new AtomicInteger();
        try (progress) {
            progress.show(0, byContent.size(), 0);
            Parallel.each(AT_ONCE, List.copyOf(byContent.keySet()), sha256 -> {
                String reference = api.clip(sha256);
                if (reference == null) {
                    reference = upload(sha256, byContent.getOrDefault(sha256, List.of()), faults);
                    sent.incrementAndGet();
                }
                references.put(sha256, reference == null ? "" : reference);
                progress.show(references.size(), byContent.size(), sent.get());
            });
        }
        return references;
    }

    /** Null, and a fault, when the API does not want it. */
    private @Nullable String upload(String sha256, List<LocalClip> same, Faults faults) throws InterruptedException {
        try {
            return api.upload(same.getFirst().path(), sha256);
        } catch (FileNotFoundException e) {
            same.forEach(clip -> clip.use().refuse(faults, "is not there any more"));
        } catch (ApiRefusedException e) {
            if (e.status() != 413 && e.status() != 415 && e.status() != 422) {
                throw e;
            }
            String detail = e.problem().detail();
            String reason = detail == null ? e.problem().title() : detail;
            same.forEach(clip -> clip.use().refuse(faults, "is refused: " + reason));
        }
        return null;
    }
}
