package io.wavequeue.wiring;

import static java.util.stream.Collectors.joining;

import io.wavequeue.storage.OutputStorage;
import io.wavequeue.store.WorkerStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/** Which machines an installation runs on: several of them need a place for outputs that all of them see. */
@ApplicationScoped
public class Machines {
    private static final Path KERNELS_WORD = Path.of("/proc/sys/kernel/hostname");

    /** A worker that has not beaten for so long is silent; until then a start elsewhere is refused. */
    private static final Duration LATELY = Duration.ofSeconds(10);

    /** What a machine without a name of its own is called: it is told from no other. */
    private static final String NAMELESS = "localhost";

    private final WavequeueConfig config;
    private final OutputStorage storage;
    private final WorkerStore workers;
    private final String own = hostName();

    Machines(WavequeueConfig config, OutputStorage storage, WorkerStore workers) {
        this.config = config;
        this.storage = storage;
        this.workers = workers;
    }

    /** The name of this machine. */
    public String own() {
        return own;
    }

    /**
     * {@link IllegalStateException} when workers live on another machine, and nothing says that it sees the same files.
     */
    public void check() {
        if (!storage.isRemote() && !config.dataShared()) {
            refuseOthers(own, workers.hosts(LATELY));
        }
    }

    static void refuseOthers(String own, Set<String> machines) {
        String others = machines.stream()
                .filter(machine -> !own.equals(NAMELESS) && !machine.equals(own) && !machine.equals(NAMELESS))
                .sorted()
                .collect(joining(", "));
        if (!others.isEmpty()) {
            throw new IllegalStateException(
                    "this machine is %s, and workers of the same installation run on %s: several machines need a place for outputs"
                                    .formatted(own, others)
                            + " that all of them see. Set WAVEQUEUE_OUTPUT_S3_BUCKET; or, if WAVEQUEUE_DATA_DIR is a folder that they"
                            + " share, WAVEQUEUE_DATA_SHARED=true on each");
        }
    }

    /** The kernel's word is the same for all processes of a machine, whoever started them. */
    private static String hostName() {
        try {
            String name = Files.readString(KERNELS_WORD).strip();
            if (!name.isEmpty()) {
                return name;
            }
        } catch (IOException notLinux) {
            // The environment may tell.
        }
        String name = System.getenv("HOSTNAME");
        return name == null || name.isBlank() ? NAMELESS : name.strip();
    }
}
