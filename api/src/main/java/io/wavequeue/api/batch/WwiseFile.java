package io.wavequeue.api.batch;

import io.wavequeue.store.BatchTakes;
import io.wavequeue.store.BatchTakes.NamedBatch;
import io.wavequeue.store.BatchTakes.OutputKey;
import io.wavequeue.store.BatchTakes.Take;
import io.wavequeue.store.view.StoredJob;
import io.wavequeue.store.view.StoredJob.Output;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The tab-delimited text file that Wwise imports media from: a header, and a row per archived output of a succeeded job
 * ({@code deploy/docs/results.md} has the format's rules and where they come from).
 *
 * <p>A cue, that is, the jobs of one reference, becomes a sound; one with several takes a random container of sounds. A name
 * depends on nothing but the batch's references, so a cue keeps it from one file to the next.
 */
final class WwiseFile implements ResultFile {
    static final List<String> HEADER = List.of("Audio File", "Object Path", "OriginalsSubFolder");

    private static final String SOUND = "<Sound SFX>";
    private static final String CONTAINER = "<Random Container>";
    private static final int TELLING_BYTES = 4;

    private final Takes takes;
    private final WwiseTarget target;
    private final String originals;
    private final Set<String> alike;

    /**
     * @param originals the folder below Wwise's own for originals into which it copies the files
     * @param alike references whose names another one would have too
     */
    WwiseFile(Takes takes, WwiseTarget target, String originals, Set<String> alike) {
        this.takes = takes;
        this.target = target;
        this.originals = WwiseTarget.name(originals);
        this.alike = Set.copyOf(alike);
    }

    /** Tells the takes of cues, and for each archived output of the jobs which of them it is. */
    @FunctionalInterface
    interface Takes {
        Map<OutputKey, Take> of(Set<String> references, Collection<UUID> jobs);
    }

    static WwiseFile of(BatchTakes takes, WwiseTarget target, NamedBatch batch) {
        return new WwiseFile(
                (references, jobs) -> takes.takes(batch.id(), references, jobs),
                target,
                batch.name() == null ? batch.id().toString() : batch.name(),
                takes.alike(batch.id(), WwiseTarget.NOT_IN_NAMES));
    }

    @Override
    public void begin(Writer to) throws IOException {
        write(HEADER, to);
    }

    @Override
    public void add(List<StoredJob> jobs, Writer to) throws IOException {
        Set<String> references = jobs.stream()
                .map(StoredJob::reference)
                .filter(reference -> reference != null)
                .collect(Collectors.toSet());
        Map<OutputKey, Take> ofCues =
                takes.of(references, jobs.stream().map(StoredJob::id).toList());
        for (StoredJob job : jobs) {
            add(job, ofCues, to);
        }
    }

    private void add(StoredJob job, Map<OutputKey, Take> ofCues, Writer to) throws IOException {
        List<Output> archived = job.outputs().stream()
                .filter(output -> output.archivedAt() != null)
                .toList();
        for (int i = 0; i < archived.size(); i++) {
            Output output = archived.get(i);
            String file = output.file();
            Take own = new Take(i + 1, archived.size());
            Take take = job.reference() == null ? own : ofCues.get(new OutputKey(job.id(), output.number()));
            // Null when the job is not succeeded any more: it was replayed between the two looks.
            if (file != null && take != null) {
                write(List.of(target.audioFile(file), target.objectPath(object(name(job), take)), originals), to);
            }
        }
    }

    private static String object(String name, Take take) {
        return take.of() == 1
                ? SOUND + name
                : CONTAINER + name + "\\" + SOUND + name + "_" + "%02d".formatted(take.place());
    }

    private String name(StoredJob job) {
        String reference = job.reference();
        if (reference == null) {
            return job.id().toString();
        }
        String name = WwiseTarget.name(reference);
        return alike.contains(reference) ? name + "_" + telling(reference) : name;
    }

    /** Tells references apart whose names are the same. */
    private static String telling(String reference) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(reference.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, TELLING_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void write(List<String> cells, Writer to) throws IOException {
        to.write(cells.stream().map(WwiseFile::oneLine).collect(Collectors.joining("\t", "", "\r\n")));
    }

    /** The format knows no quotes: a cell ends at a tab. */
    private static String oneLine(String cell) {
        return cell.replaceAll("[\\t\\r\\n]", " ");
    }
}
