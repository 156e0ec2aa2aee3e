package io.wavequeue.cli;

import io.wavequeue.cli.client.ApiAnswer;
import io.wavequeue.cli.client.ApiRefusedException;
import io.wavequeue.cli.client.Batch;
import io.wavequeue.cli.client.LibraryApi;
import io.wavequeue.cli.client.LibraryApi.JobFile;
import io.wavequeue.cli.client.Problem;
import io.wavequeue.cli.client.WavequeueApi;
import io.wavequeue.cli.clip.ClipProgress;
import io.wavequeue.cli.clip.ClipUploads;
import io.wavequeue.cli.manifest.Fault;
import io.wavequeue.cli.manifest.FaultsException;
import io.wavequeue.cli.manifest.ManifestFile;
import io.wavequeue.cli.manifest.Models;
import io.wavequeue.cli.manifest.Preparation;
import io.wavequeue.cli.manifest.Settings;
import io.wavequeue.cli.manifest.Spool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A manifest that is ready to be sent: its clips are with the API, and nothing is enqueued. */
record Prepared(ManifestFile manifest, Settings settings, Spool spool, LibraryApi api) implements AutoCloseable {

    /** Reads manifest and side file, uploads clips. */
    static Prepared of(Session session, ManifestOptions options, @Nullable String address, ClipProgress progress)
            throws InterruptedException {
        ManifestFile manifest = options.file(session);
        Settings settings = options.settings(session, manifest);
        LibraryApi api = session.libraries(address);
        WavequeueApi catalogue = session.api(address);
        Models models = Models.of(catalogue.models().json());
        Path cache = session.cacheFolder().resolve("clips.jsonl");
        ClipUploads clips = new ClipUploads(api, cache, session.pace().clock(), progress);
        Spool spool = new Preparation(manifest, settings.lines(), models, clips).prepare();
        return new Prepared(manifest, settings, spool, api);
    }

    /** The library. */
    String library() {
        return settings.call().library();
    }

    /** Has the API compare it with its library, and ask the provider for its prices. */
    ApiAnswer plan(boolean quoted) throws InterruptedException {
        try {
            return api.plan(file(), quoted);
        } catch (ApiRefusedException e) {
            throw translated(e);
        }
    }

    /** Enqueues what the plan names. */
    Batch apply(String plan) throws InterruptedException {
        try {
            return api.apply(file(), plan);
        } catch (ApiRefusedException e) {
            throw translated(e);
        }
    }

    @Override
    public void close() {
        spool.close();
    }

    private JobFile file() {
        return new JobFile(
                spool.file(), manifest.form().contentType(), settings.call().query());
    }

    /** Faults of lines, which are those of the manifest; or the refusal as it is. */
    private RuntimeException translated(ApiRefusedException refused) {
        List<Fault> faults = new ArrayList<>();
        for (Problem.Field field : refused.problem().fields()) {
            if (field.line() != null) {
                String name = field.name() == null ? "" : field.name();
                faults.add(new Fault(manifest.shown(), field.line(), name, field.message()));
            }
        }
        return faults.isEmpty() ? refused : new FaultsException(faults, faults.size());
    }
}
