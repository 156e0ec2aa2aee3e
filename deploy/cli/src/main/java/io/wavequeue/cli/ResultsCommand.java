package io.wavequeue.cli;

import io.wavequeue.cli.client.Batch;
import io.wavequeue.cli.client.Download;
import io.wavequeue.cli.client.Json;
import io.wavequeue.cli.client.LibraryApi;
import io.wavequeue.cli.client.Query;
import io.wavequeue.cli.file.AtomicFile;
import io.wavequeue.cli.library.AudioFolder;
import io.wavequeue.cli.screen.Counted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code wavequeue results BATCH|LIBRARY}. */
@Command(
        name = "results",
        description = {
            "Write what a batch made: as JSON lines, as CSV, or as an import file for Wwise.",
            "Of a library, whichever batches made it: the file for Wwise."
        })
final class ResultsCommand implements Callable<Integer> {

    private final Session session;

    @Mixin
    private final ApiOption api = new ApiOption();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "jsonl",
            description = "jsonl, csv or wwise (default: ${DEFAULT-VALUE}).")
    private String format = "jsonl";

    @Option(names = "--only", paramLabel = "WHICH", description = "errors: the jobs that failed or are held.")
    private @Nullable String only;

    @Option(
            names = "--root",
            paramLabel = "DIR",
            description = "wwise: the folder of outputs as that machine names it.")
    private @Nullable String root;

    @Option(names = "--parent", paramLabel = "PATH", description = "wwise: the object below which sounds are made.")
    private @Nullable String parent;

    @Option(names = "-o", paramLabel = "FILE", description = "Write it there, whole or not at all (default: print it).")
    private @Nullable String file;

    @Option(names = "--download", paramLabel = "DIR", description = "Fetch the audio of the batch's library there.")
    private @Nullable String download;

    @Option(names = "--json", description = "Print JSON only: the results as jsonl, or what was written.")
    private boolean json;

    @Parameters(paramLabel = "BATCH|LIBRARY", description = "A batch's id, or a library's name.")
    private String target = "";

    @Spec
    private @Nullable CommandSpec spec;

    ResultsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException {
        check();
        LibraryApi libraries = session.libraries(api.address);
        if (file != null) {
            save(libraries, session.workingFolder().resolve(file));
        } else if (download == null) {
            results(libraries, body -> body.transferTo(session.out()));
            session.out().flush();
        }
        return download == null
                ? ExitCode.OK
                : fetch(libraries, session.workingFolder().resolve(download));
    }

    private void check() {
        String wrong = null;
        if (!format.matches("jsonl|csv|wwise")) {
            wrong = "--format '" + format + "' is none of jsonl, csv, wwise";
        } else if (only != null && !only.equals("errors")) {
            wrong = "--only '" + only + "' is not known; there is errors";
        } else if (json && file == null && !format.equals("jsonl")) {
            wrong = "--json prints jsonl; give --format " + format + " a file with -o";
        } else if (!Targets.isId(target) && !format.equals("wwise") && (file != null || download == null)) {
            wrong = "'" + target + "' is no batch; of a library there is --format wwise, and --download";
        }
        if (wrong != null && spec != null) {
            throw new ParameterException(spec.commandLine(), wrong);
        }
    }

    private void results(LibraryApi libraries, Download to) throws InterruptedException {
        Query query = new Query();
        if (Targets.isId(target)) {
            libraries.results(
                    target,
                    query.add("format", format)
                            .add("only", only)
                            .add("root", root)
                            .add("parent", parent),
                    to);
        } else {
            String library = new Targets(libraries).library(target);
            libraries.wwise(query.add("name", library).add("root", root).add("parent", parent), to);
        }
    }

    private void save(LibraryApi libraries, Path to) throws InterruptedException {
        results(libraries, body -> AtomicFile.write(to, body::transferTo));
        try {
            long bytes = Files.size(to);
            if (json) {
                session.out().println(Json.object().put("file", file).put("bytes", bytes));
            } else {
                session.out().println("wrote " + file + ", " + Counted.of(bytes, "byte"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    private int fetch(LibraryApi libraries, Path folder) throws InterruptedException {
        String library = Targets.isId(target)
                ? Batch.of(libraries.batch(target).json()).name()
                : new Targets(libraries).library(target);
        if (library == null) {
            throw new IllegalArgumentException(
                    "the batch is for no library, so its files have no names; their archived ones are in its results");
        }
        return DownloadText.show(session, new AudioFolder(libraries, folder).fetch(libraries.takes(library)), json);
    }
}
