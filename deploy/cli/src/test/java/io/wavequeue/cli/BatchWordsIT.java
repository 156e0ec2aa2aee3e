package io.wavequeue.cli;

import static io.wavequeue.cli.FakeLibrary.BATCH;
import static io.wavequeue.cli.FakeLibrary.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.cli.FakeApi.Reply;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is done with batches that are there: watch, status, cancel, budget, results. */
class BatchWordsIT extends AtFakeApi {

    private static final String EVENT_STREAM = "text/event-stream";

    /** Not the SHA-256 of what comes. */
    private static final String OTHER = "3d04fd97fd82bd7a5aef9fdcbd2e0d7c9c0bd3d6aa9cd8e97bfe4d8b0b2e0000";

    private FakeLibrary library;

    @BeforeEach
    void start() {
        library = new FakeLibrary(api);
        library.batchIs(batch("done", "\"total\":2,\"succeeded\":2,\"archived\":2"));
    }

    @Test
    void shouldGoOnBehindTheLastEventWhenTheStreamBreaksOffAndTheApiIsAway() {
        library.batchIs(
                batch("running", "\"total\":3,\"running\":3"),
                batch("running", "\"total\":3,\"running\":3"),
                batch("running", "\"total\":3,\"running\":2,\"failed\":1"));
        Queue<String> streams = new ArrayDeque<>(
                List.of("""
                id: 7-1
                event: job
                data: {"id":"j","status":"failed","reference":"menu","error":{"class":"moderated","message":"no"}}

                event: progress
                data: %s

                """.formatted(batch("running", "\"total\":3,\"running\":2,\"failed\":1")), """
                : nothing new

                id: done
                event: done
                data: %s

                """.formatted(
                                batch("done", "\"total\":3,\"succeeded\":2,\"failed\":1"))));
        List<String> farewells = new ArrayList<>();
        api.rule("GET /v1/batches/" + BATCH + "/events", _ -> {
            farewells.add(shell.farewell());
            String next = streams.remove();
            if (streams.size() == 1) {
                api.beUnavailable("/v1/batches/" + BATCH, 5);
            }
            return new Reply(200, next, EVENT_STREAM);
        });
        assertThat(run("watch", BATCH)).isEqualTo(ExitCode.FAILED);
        assertThat(farewells)
                .hasSize(2)
                .allMatch(words -> words.contains("come back with `wavequeue watch " + BATCH + "`"));
        assertThat(shell.farewell()).isEmpty();
        assertThat(api.requests("GET /v1/batches/" + BATCH + "/events")
                        .getLast()
                        .headers())
                .containsEntry("last-event-id", "7-1");
        assertThat(shell.out())
                .contains("0 of 3 ended, 3 running")
                .contains("failed: menu, moderated: no")
                .contains("Not available at the moment (HTTP 503); asking again for 10 min")
                .contains("batch " + BATCH + ": 2 of 3 succeeded, 1 failed");
    }

    @Test
    void shouldStopAndSayWhatIsNeededWhenNothingMoves() {
        library.batchIs(batch("running", "\"total\":3,\"held\":1,\"succeeded\":2"));
        api.rule("GET /v1/jobs?batch_id=" + BATCH + "&status=held", _ -> new Reply(200, """
                {"items":[{"id":"j","status":"held","hold_reason":"budget","error":{"class":"x","message":"raise budget_usd"}}]}"""));
        assertThat(run("watch", BATCH, "--json")).isEqualTo(ExitCode.HELD);
        assertThat(shell.err()).contains("1 job held (budget): raise budget_usd; `wavequeue budget " + BATCH + " USD`");
        assertThat(shell.out().lines())
                .hasSize(2)
                .first()
                .asString()
                .startsWith("{\"event\":\"progress\",\"batch\":{\"id\"");
        assertThat(shell.out()).contains("{\"event\":\"waits\"");
        library.batchIs(batch("paused", "\"total\":3,\"queued\":3"));
        assertThat(run("watch", BATCH)).isEqualTo(ExitCode.HELD);
        assertThat(shell.err()).contains("it is paused; `wavequeue resume " + BATCH + "`");
    }

    @Test
    void shouldNameTheNearestLibraryWhenThereIsNone() {
        assertThat(run("watch", "sxf")).isEqualTo(ExitCode.USAGE);
        assertThat(shell.err()).contains("there is no library 'sxf', did you mean 'sfx'");
        assertThat(run("watch", "sfx")).isZero();
        assertThat(shell.out()).isEqualTo("nothing is being made for sfx\n");
    }

    @Test
    void shouldListBatchesOrShowOneWhenStatusIsAsked() {
        api.rule(
                "GET /v1/batches?",
                _ -> new Reply(
                        200,
                        "{\"items\":[" + batch("running", "\"total\":3,\"failed\":1,\"running\":2")
                                + "],\"next_cursor\":null}"));
        library.batchIs(batch("running", "\"total\":3,\"failed\":1,\"running\":2"));
        assertThat(run("status")).isZero();
        assertThat(run("status", "sfx")).isZero();
        assertThat(shell.out().lines().filter(line -> line.contains(BATCH)))
                .containsOnly(BATCH + "  sfx      running     3      1       1     0.043400  2026-11-21T03:00:00Z");
        assertThat(run("status", BATCH)).isZero();
        assertThat(shell.out())
                .contains("jobs      1 of 3 ended, 2 running, 1 failed\n")
                .contains(
                        "cost      estimated $0.0651, reserved unknown, charged $0.0434, refunded unknown, budget $5.00\n");
    }

    @Test
    void shouldSayWhatIsPaidWhenABatchIsCancelled() {
        api.rule(
                "POST /v1/batches/" + BATCH + "/cancel",
                _ -> new Reply(200, batch("cancelled", "\"total\":3,\"running\":2,\"cancelled\":1")));
        assertThat(run("cancel", BATCH)).isZero();
        assertThat(shell.out())
                .contains("status    cancelled\n")
                .contains("What waited is never made. 2 jobs with the provider, or perhaps: that cannot be undone.");
    }

    @Test
    void shouldSayWhatABatchMayCostWhenAskedTo() {
        api.rule("PATCH /v1/batches/" + BATCH, _ -> new Reply(200, batch("running", "\"total\":3,\"held\":3")));
        assertThat(run("budget", BATCH, "7.50")).isZero();
        assertThat(run("budget", BATCH, "none")).isZero();
        assertThat(run("budget", BATCH, "much")).isEqualTo(ExitCode.USAGE);
        assertThat(api.requests("PATCH ").stream().map(FakeApi.Request::body))
                .containsExactly("{\"budget_usd\":7.50}", "{\"budget_usd\":null}");
    }

    @Test
    void shouldFetchNamedFilesOnceAndRefuseOthersWhenAFolderIsGiven() throws Exception {
        String sha256 = HexFormat.of()
                .formatHex(
                        MessageDigest.getInstance("SHA-256").digest("audio of door".getBytes(StandardCharsets.UTF_8)));
        library.take("{\"reference\":\"door\",\"take\":1,\"job_id\":\"j1\",\"files\":[\"libraries/sfx/ui/gate.wav\"],"
                + "\"outputs\":[{\"sha256\":\"" + OTHER + "\"}]}");
        library.take("{\"reference\":\"menu\",\"take\":1,\"job_id\":\"j2\",\"files\":[],\"outputs\":[]}");
        library.take("{\"reference\":\"a\",\"take\":1,\"job_id\":\"j1\",\"files\":[\"libraries/sfx/ui/door.wav\"],"
                + "\"outputs\":[{\"sha256\":\"" + sha256 + "\"}]}");
        library.take("{\"reference\":\"b\",\"take\":1,\"job_id\":\"j1\",\"files\":[\"libraries/sfx/../../../x.wav\"],"
                + "\"outputs\":[{\"sha256\":\"" + sha256 + "\"}]}");
        api.reply("/v1/jobs/j1/outputs/0", 200, "audio of door");
        assertThat(run("results", BATCH, "--download", "audio")).isEqualTo(ExitCode.FAILED);
        assertThat(folder.resolve("audio/ui/door.wav")).content().isEqualTo("audio of door");
        assertThat(folder.resolve("audio/ui"))
                .isDirectoryContaining(file -> true)
                .isDirectoryNotContaining("glob:**.part");
        assertThat(shell.out()).contains("1 take not archived");
        assertThat(shell.err())
                .contains("what came has the SHA-256 " + sha256 + " and not " + OTHER)
                .contains("would lie outside of");
        int fetched = api.requests("GET /v1/jobs/j1/outputs/0").size();
        run("results", BATCH, "--download", "audio");
        assertThat(shell.out()).contains("fetched 0 files, 0 bytes; 1 were there already");
        assertThat(api.requests("GET /v1/jobs/j1/outputs/0")).hasSize(fetched + 1);
    }

    @Test
    void shouldWriteTheFileWholeOrNotAtAllWhenOneIsNamed() {
        api.rule("GET /v1/batches/" + BATCH + "/results?format=csv", _ -> new Reply(200, "job_id,reference\r\n"));
        assertThat(run("results", BATCH, "--format", "csv", "--only", "errors", "-o", "out/errors.csv"))
                .isZero();
        assertThat(folder.resolve("out/errors.csv")).content().isEqualTo("job_id,reference\r\n");
        api.rule("GET /v1/batches/" + BATCH + "/results?format=jsonl", _ -> new Reply(500, "{\"title\":\"broken\"}"));
        assertThat(run("results", BATCH, "-o", "out/errors.csv")).isEqualTo(ExitCode.REFUSED);
        assertThat(folder.resolve("out/errors.csv")).content().isEqualTo("job_id,reference\r\n");
        api.rule("GET /v1/takes/wwise?name=sfx&root=X%3A", _ -> new Reply(200, "Audio File\tObject Path\r\n"));
        assertThat(run("results", "sfx", "--format", "wwise", "--root", "X:", "-o", "w.txt"))
                .isZero();
        assertThat(folder.resolve("w.txt")).content().isEqualTo("Audio File\tObject Path\r\n");
        assertThat(run("results", "sfx")).isEqualTo(ExitCode.USAGE);
        assertThat(run("results", BATCH, "--format", "xml")).isEqualTo(ExitCode.USAGE);
        assertThat(run("results", BATCH, "--format", "csv", "-o", "out/errors.csv/x"))
                .isEqualTo(ExitCode.FILE);
        assertThat(shell.err()).contains("errors.csv/x cannot be written: ");
    }
}
