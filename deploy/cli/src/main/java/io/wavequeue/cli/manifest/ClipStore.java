package io.wavequeue.cli.manifest;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;

/** Makes local clips known to the API. */
@FunctionalInterface
public interface ClipStore {

    /**
     * The references of all clips, by name. Clips that cannot be had are faults, all of them, before the first is sent.
     *
     * @param folder that their names are relative to
     */
    Map<String, String> references(Path folder, Collection<ClipUse> clips, Faults faults) throws InterruptedException;
}
