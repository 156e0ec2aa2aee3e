package io.wavequeue.cli;

import io.wavequeue.cli.client.Batch;
import io.wavequeue.cli.client.LibraryApi;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wavequeue watch BATCH|LIBRARY}. */
@Command(
        name = "watch",
        description = {
            "Follow a batch, or all that is being made for a library, to the end.",
            "Ctrl-C ends the watching and nothing else."
        })
final class WatchCommand implements Callable<Integer> {

    private final Session session;

    @Mixin
    private final ApiOption api = new ApiOption();

    @Mixin
    private final LockOption lock = new LockOption();

    @Option(names = "--json", description = "Print a JSON object for each thing that happens, one on a line.")
    private boolean json;

    @Parameters(paramLabel = "BATCH|LIBRARY", description = "A batch's id, or a library's name.")
    private String target = "";

    WatchCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException {
        LibraryApi libraries = session.libraries(api.address);
        Targets targets = new Targets(libraries);
        List<String> batches;
        @Nullable String library;
        if (Targets.isId(target)) {
            library = Batch.of(libraries.batch(target).json()).name();
            batches = List.of(target);
        } else {
            library = targets.library(target);
            batches = targets.openBatches(library);
            if (batches.isEmpty() && !json) {
                session.out().println("nothing is being made for " + library);
            }
        }
        int code = new Following(session, libraries, json).follow(batches);
        if (library != null) {
            if (!batches.isEmpty()) {
                LockText.settle(session, libraries, library, json);
            }
            LockText.refresh(session, libraries, lock.file, library, json);
        }
        return code;
    }
}
