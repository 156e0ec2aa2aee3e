package io.wavequeue.cli.manifest;

import io.wavequeue.cli.manifest.ManifestFile.Form;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes of a manifest the file that the API takes. */
public final class Preparation {

    private final ManifestFile manifest;
    private final Settings.Lines settings;
    private final Models models;
    private final ClipStore clips;

    /** Prepares this manifest, with these settings for what its lines leave out. */
    public Preparation(ManifestFile manifest, Settings.Lines settings, Models models, ClipStore clips) {
        this.manifest = manifest;
        this.settings = settings;
        this.models = models;
        this.clips = clips;
    }

    /** The copy. A {@link FaultsException} lists all that is wrong; nothing was sent then. */
    public Spool prepare() throws InterruptedException {
        Faults faults = new Faults();
        checkDefaults(faults);
        faults.check();
        Spool spool = Spool.create();
        try {
            Map<String, ClipUse> uses = new LinkedHashMap<>();
            copyTo(spool, faults, (name, line, field) -> {
                uses.computeIfAbsent(name, _ -> new ClipUse(manifest.shown(), name))
                        .add(line, field);
                return null;
            });
            Map<String, String> references = clips.references(manifest.folder(), uses.values(), faults);
            faults.check();
            if (!uses.isEmpty()) {
                copyTo(spool, faults, (name, line, field) -> reference(references, name, line, field, faults));
                faults.check();
            }
            return spool;
        } catch (RuntimeException | InterruptedException e) {
            spool.close();
            throw e;
        }
    }

    private String reference(Map<String, String> known, String name, long line, String field, Faults faults) {
        String reference = known.get(name);
        if (reference == null) {
            faults.add(new Fault(manifest.shown(), line, field, "was changed while it was read; call again"));
            return name;
        }
        return reference;
    }

    private void checkDefaults(Faults faults) {
        for (Settings.Default one : settings.defaults()) {
            if (!models.anyHas(one.input())) {
                String meant = models.nearest(one.input())
                        .map(near -> "; did you mean \"" + near + "\"?")
                        .orElse("");
                faults.add(one.place().fault("defaults." + one.input(), "no model has this input" + meant));
            }
        }
    }

    private void copyTo(Spool spool, Faults faults, ClipNames names) {
        LineFilling filling = new LineFilling(settings, models, names);
        Copier copier = manifest.form() == Form.CSV
                ? new CsvCopier(manifest.shown(), filling, faults)
                : new NdjsonCopier(manifest.shown(), filling, faults);
        try (InputStream from = Files.newInputStream(manifest.path());
                OutputStream to = new BufferedOutputStream(Files.newOutputStream(spool.file()))) {
            copier.copy(from, to);
        } catch (IOException e) {
            throw new UncheckedIOException(manifest.shown() + " cannot be copied", e);
        }
    }
}
