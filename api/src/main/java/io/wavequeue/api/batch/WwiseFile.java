package io.wavequeue.api.batch;

import io.wavequeue.store.BatchTakes;
import io.wavequeue.store.BatchTakes.NamedBatch;
import io.wavequeue.store.BatchTakes.OutputKey;
import io.wavequeue.store.BatchTakes.Take;
import io.wavequeue.store.view.StoredJob;
import io.wavequeue.store.view.StoredJob.Output;
import java.io.IOException;
import java.io.Writer;
import java.util.Collection;
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
    private final Takes takes;
    private final WwiseRows rows;

    /**
     * @param originals the folder below Wwise's own for originals into which it copies the files
     * @param alike references whose names another one would have too
     */
    WwiseFile(Takes takes, WwiseTarget target, String originals, Set<String> alike) {
        this.takes = takes;
        this.rows = new WwiseRows(target, originals, alike);
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
        rows.header(to);
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
                rows.write(file, name(job), take.place(), take.of(), to);
            }
        }
    }

    private String name(StoredJob job) {
        String reference = job.reference();
        return reference == null ? job.id().toString() : rows.name(reference);
    }
}
