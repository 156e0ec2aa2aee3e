package io.wavequeue.cli;

import io.wavequeue.cli.client.Json;
import io.wavequeue.cli.library.AudioFolder;
import io.wavequeue.cli.screen.Counted;
import io.wavequeue.cli.screen.Printable;
import io.wavequeue.cli.watch.JsonView;

/** Says what was fetched to a folder. */
final class DownloadText {

    private DownloadText() {}

    /** The code that it makes: files that cannot be had are no good end. */
    static int show(Session session, AudioFolder.Result result, boolean json) {
        if (json) {
            JsonView.event(
                    session.out(),
                    "download",
                    "download",
                    Json.object()
                            .put("fetched", result.fetched())
                            .put("bytes", result.bytes())
                            .put("there", result.there())
                            .put("nameless", result.nameless())
                            .put("unfinished", result.unfinished())
                            .put("failed", result.trouble().size()));
        } else {
            session.out()
                    .println("fetched " + Counted.of(result.fetched(), "file") + ", "
                            + Counted.of(result.bytes(), "byte") + "; " + result.there() + " were there already"
                            + part(result.nameless(), "without a name")
                            + part(result.unfinished(), "not archived"));
        }
        result.trouble().forEach(line -> session.err().println(Printable.line("wavequeue: " + line)));
        return result.trouble().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }

    private static String part(int count, String what) {
        return count == 0 ? "" : "; " + Counted.of(count, "take") + " " + what;
    }
}
