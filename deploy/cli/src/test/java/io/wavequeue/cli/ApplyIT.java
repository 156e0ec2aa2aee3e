package io.wavequeue.cli;

import static io.wavequeue.cli.FakeLibrary.BATCH;
import static io.wavequeue.cli.FakeLibrary.PLAN;
import static io.wavequeue.cli.FakeLibrary.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.cli.FakeApi.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApplyIT {

    private static final String COUNTS = """
            "lines":2,"jobs":2,"estimated_usd":0.0434,"unknown_price":0,"new":2,"changed":0,"unchanged":0,"retake":0,
            "reused":0,"orphaned":0,"expected_seconds":null,"balance_usd":null,"budget_usd":5,"by_model":[]""";
    private static final String EVENT_STREAM = "text/event-stream";

    /** SHA-256 of {@code audio of door}. */
    private static final String DOOR = "3d04fd97fd82bd7a5aef9fdcbd2e0d7c9c0bd3d6aa9cd8e97bfe4d8b0b2e0000";

    @TempDir
    private Path folder;

    private FakeApi api;
    private FakeLibrary library;
    private Shell shell;

    @BeforeEach
    void start() throws IOException {
        api = new FakeApi(FakeJob.Archive.in(folder));
        library = new FakeLibrary(api).plan(COUNTS);
        library.item(
                "{\"line\":2,\"reference\":\"door\",\"take\":1,\"action\":\"new\",\"estimated_usd\":0.0217,\"key\":\"k1\"}");
        library.item(
                "{\"line\":3,\"reference\":\"menu\",\"take\":1,\"action\":\"new\",\"estimated_usd\":0.0217,\"key\":\"k2\"}");
        batchIs(batch("done", "\"total\":2,\"succeeded\":2,\"archived\":2"));
        shell = new Shell(folder);
        Files.writeString(folder.resolve("sfx.csv"), "reference,model,prompt\ndoor,x/music,creak\nmenu,x/music,harp\n");
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private int run(String... more) {
        String[] args = new String[more.length + 2];
        System.arraycopy(more, 0, args, 0, more.length);
        args[more.length] = "--api";
        args[more.length + 1] = api.address();
        return shell.run(args);
    }

    /** What the batch is at each look; the last one stays. */
    private void batchIs(String... states) {
        Queue<String> left = new ArrayDeque<>(List.of(states));
        api.rule("GET /v1/batches/" + BATCH, _ -> new Reply(200, left.size() > 1 ? left.remove() : left.element()));
    }

    private void takes() {
        library.take("""
                {"name":"sfx","reference":"menu","take":1,"key":"k2","decision":null,"job_id":"j2","status":"running","model":"x/music",
                 "seed":null,"prediction_id":null,"files":[],"charged_usd":null,"outputs":[]}""");
        library.take("""
                {"name":"sfx","reference":"door","take":1,"key":"k1","decision":"picked","job_id":"j1","status":"succeeded","model":"x/music",
                 "seed":7,"prediction_id":"p1","files":["libraries/sfx/ui/door.wav"],"charged_usd":0.0217,"completed_at":"x",
                 "outputs":[{"file":"2026/j1_0.wav","sha256":"%s","bytes":13,"audio":{"verdict":"ok"}}]}""".formatted(DOOR));
    }

    @Test
    void shouldEnqueueFollowAndLockWhenThePersonAgrees() throws IOException {
        takes();
        shell.withPerson(" y ");
        assertThat(run("apply", "sfx.csv")).isZero();
        assertThat(shell.questions()).containsExactly("Make 2 jobs for $0.0434? [y/N] ");
        assertThat(shell.out()).endsWith("""

                enqueued 2 jobs as batch %s
                   0.0 s  2 of 2 ended, $0.0434 of $5.00 charged
                batch %s: 2 of 2 succeeded, 0 failed, 0 cancelled; $0.0434 of $5.00 charged
                wrote sfx.csv.lock: 2 takes
                """.formatted(BATCH, BATCH));
        assertThat(folder.resolve("sfx.csv.lock")).content().isEqualTo("""
                {"wavequeue_lock":1,"library":"sfx","takes":[
                {"reference":"door","take":1,"key":"k1","prediction":"p1","seed":7,"file":"libraries/sfx/ui/door.wav","sha256":"%s","bytes":13,"price_usd":0.0217,"audio":"ok","decision":"picked"},
                {"reference":"menu","take":1,"key":"k2","prediction":null,"seed":null,"file":null,"sha256":null,"bytes":null,"price_usd":null,"audio":null,"decision":null}
                ]}
                """.formatted(DOOR));
        assertThat(api.requests("POST /v1/batches").getLast()).satisfies(sent -> {
            assertThat(sent.target()).isEqualTo("/v1/batches?name=sfx&plan=" + PLAN);
            assertThat(sent.headers()).containsEntry("idempotency-key", "wavequeue-plan-" + PLAN);
            assertThat(sent.body())
                    .isEqualTo(api.requests("POST /v1/batches").getFirst().body());
        });
    }

    @Test
    void shouldEnqueueNothingWhenNobodyAgrees() {
        assertThat(run("apply", "sfx.csv")).isEqualTo(ExitCode.NOT_CONFIRMED);
        shell.withPerson("n");
        assertThat(run("apply", "sfx.csv")).isEqualTo(ExitCode.NOT_CONFIRMED);
        assertThat(shell.err()).contains("agree with --yes");
        assertThat(shell.out()).endsWith("nothing was enqueued\n");
        assertThat(api.requests("POST /v1/batches"))
                .allMatch(sent -> sent.target().contains("dry_run=true"));
    }

    @Test
    void shouldSendTheSameAgainWhenTheReplyIsLost() {
        int[] lost = {2};
        api.rule(
                "POST /v1/batches?name=sfx&plan=",
                _ -> lost[0]-- > 0 ? null : new Reply(202, batch("done", "\"total\":2,\"succeeded\":2")));
        assertThat(run("apply", "sfx.csv", "--yes", "--plan", PLAN)).isZero();
        assertThat(api.requests("POST /v1/batches"))
                .hasSize(3)
                .allMatch(sent -> sent.target().equals("/v1/batches?name=sfx&plan=" + PLAN))
                .extracting(sent -> sent.headers().get("idempotency-key") + sent.body())
                .containsOnly("wavequeue-plan-" + PLAN + "reference,model,prompt,output\n"
                        + "door,x/music,creak,{reference}.{ext}\nmenu,x/music,harp,{reference}.{ext}\n");
    }

    @Test
    void shouldFollowWhatAnEarlierCallLeftWhenNothingIsToBeMade() {
        library.plan(
                "\"lines\":2,\"jobs\":0,\"new\":0,\"changed\":0,\"unchanged\":2,\"retake\":0,\"reused\":0,\"orphaned\":0");
        api.rule("POST /v1/batches?name=sfx&plan=", _ -> new Reply(202, """
                {"id":"0198f7a0-0000-7000-8000-0000000000ee","name":"sfx","status":"done","counts":{"total":0},"done_at":"x"}"""));
        api.rule(
                "GET /v1/batches?",
                _ -> new Reply(
                        200,
                        "{\"items\":["
                                + batch("done", "\"total\":9").replace(BATCH, "0198f7a0-0000-7000-8000-0000000000dd")
                                + ","
                                + batch("running", "\"total\":2,\"running\":2") + "]}"));
        batchIs(
                batch("running", "\"total\":2,\"running\":2"),
                batch("done", "\"total\":2,\"succeeded\":1,\"failed\":1"));
        assertThat(run("apply", "sfx.csv")).isEqualTo(ExitCode.FAILED);
        assertThat(shell.out())
                .contains("nothing to make\n")
                .contains("batch " + BATCH + ": 1 of 2 succeeded, 1 failed")
                .contains("wavequeue results " + BATCH + " --only errors");
    }

    @Test
    void shouldRefuseWhenThePlanIsOutdatedOrItsPriceUnknown() {
        api.rule("POST /v1/batches?name=sfx&plan=", _ -> new Reply(409, """
                {"code":"plan_outdated","title":"The plan would come out differently by now","detail":"manifest, library"}"""));
        assertThat(run("apply", "sfx.csv", "--yes", "--plan", PLAN)).isEqualTo(ExitCode.OUTDATED);
        assertThat(shell.err()).isEqualTo("""
                wavequeue: The plan would come out differently by now (HTTP 409)
                  manifest, library
                  Nothing was enqueued. Make a new plan, or apply without --plan.
                """);
        api.rule(
                "POST /v1/batches?name=sfx&plan=", _ -> new Reply(422, "{\"code\":\"unknown_price\",\"title\":\"t\"}"));
        assertThat(run("apply", "sfx.csv", "--yes")).isEqualTo(ExitCode.REFUSED);
        assertThat(shell.err()).endsWith("with --unknown-price accept.\n");
    }

    @Nested
    class Lock {

        @Test
        void shouldRefuseWhenTheLocksTakesWouldBeBoughtAgain() throws IOException {
            Files.writeString(folder.resolve("sfx.csv.lock"), """
                    {"wavequeue_lock":1,"library":"sfx","takes":[
                    {"reference":"door","take":1,"key":"k1","prediction":"p1"},
                    {"reference":"menu","take":1,"key":"k2","prediction":null}
                    ]}
                    """);
            assertThat(run("apply", "sfx.csv", "--yes")).isEqualTo(ExitCode.LOCKED);
            assertThat(shell.err())
                    .contains(
                            "1 take that sfx.csv.lock has as bought would be bought again, for $0.0217: this API does not");
            assertThat(api.requests("POST /v1/batches?name=sfx&plan=")).isEmpty();
            assertThat(run("apply", "sfx.csv", "--yes", "--ignore-lock")).isZero();
        }

        @Test
        void shouldNameTheLineWhenTheLockCannotBeRead() throws IOException {
            Files.writeString(
                    folder.resolve("sfx.csv.lock"),
                    "{\"wavequeue_lock\":1,\"library\":\"sfx\",\"takes\":[\n<<<<<<< ours\n");
            assertThat(run("apply", "sfx.csv", "--yes")).isEqualTo(ExitCode.INVALID);
            assertThat(shell.err()).contains("sfx.csv.lock:2: is no take; restore the file");
            Files.writeString(folder.resolve("sfx.csv.lock"), "{\"wavequeue_lock\":2,\"takes\":[\n]}\n");
            assertThat(run("apply", "sfx.csv", "--yes")).isEqualTo(ExitCode.INVALID);
        }

        @Test
        void shouldWriteThoseOfTheLibraryInTheFolderWhenATakeIsPicked() throws IOException {
            takes();
            Files.writeString(folder.resolve("a.lock"), "{\"wavequeue_lock\":1,\"library\":\"sfx\",\"takes\":[\n]}\n");
            Files.writeString(
                    folder.resolve("b.lock"), "{\"wavequeue_lock\":1,\"library\":\"other\",\"takes\":[\n]}\n");
            Files.writeString(folder.resolve("c.lock"), "somebody else's");
            api.rule(
                    "POST /v1/takes/pick",
                    _ -> new Reply(
                            200,
                            "{\"reference\":\"door\",\"take\":1,\"decision\":\"picked\",\"files\":[\"libraries/sfx/door.wav\"]}"));
            assertThat(run("pick", "door", "1", "--library", "sfx")).isZero();
            assertThat(api.requests("POST /v1/takes/pick").getFirst().body())
                    .isEqualTo("{\"name\":\"sfx\",\"reference\":\"door\",\"take\":1}");
            assertThat(shell.out()).isEqualTo("door take 1: picked\n  libraries/sfx/door.wav\nwrote a.lock: 2 takes\n");
            assertThat(folder.resolve("b.lock")).content().contains("other");
        }
    }

    @Nested
    class Watch {

        @Test
        void shouldGoOnBehindTheLastEventWhenTheStreamBreaksOffAndTheApiIsAway() {
            batchIs(
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
            batchIs(batch("running", "\"total\":3,\"held\":1,\"succeeded\":2"));
            api.rule("GET /v1/jobs?batch_id=" + BATCH + "&status=held", _ -> new Reply(200, """
                    {"items":[{"id":"j","status":"held","hold_reason":"budget","error":{"class":"x","message":"raise budget_usd"}}]}"""));
            assertThat(run("watch", BATCH, "--json")).isEqualTo(ExitCode.HELD);
            assertThat(shell.err())
                    .contains("1 job held (budget): raise budget_usd; `wavequeue budget " + BATCH + " USD`");
            assertThat(shell.out().lines())
                    .hasSize(2)
                    .first()
                    .asString()
                    .startsWith("{\"event\":\"progress\",\"batch\":{\"id\"");
            assertThat(shell.out()).contains("{\"event\":\"waits\"");
            batchIs(batch("paused", "\"total\":3,\"queued\":3"));
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
            batchIs(batch("running", "\"total\":3,\"failed\":1,\"running\":2"));
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
                    .contains(
                            "What waited is never made. 2 jobs with the provider, or perhaps: that cannot be undone.");
        }
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

    @Nested
    class Results {

        @Test
        void shouldFetchNamedFilesOnceAndRefuseOthersWhenAFolderIsGiven() throws Exception {
            String sha256 = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest("audio of door".getBytes("UTF-8")));
            takes();
            library.take("{\"reference\":\"a\",\"take\":1,\"job_id\":\"j1\",\"files\":[\"libraries/sfx/ui/door.wav\"],"
                    + "\"outputs\":[{\"sha256\":\"" + sha256 + "\"}]}");
            library.take(
                    "{\"reference\":\"b\",\"take\":1,\"job_id\":\"j1\",\"files\":[\"libraries/sfx/../../../x.wav\"],"
                            + "\"outputs\":[{\"sha256\":\"" + sha256 + "\"}]}");
            api.reply("/v1/jobs/j1/outputs/0", 200, "audio of door");
            assertThat(run("results", BATCH, "--download", "audio")).isEqualTo(ExitCode.FAILED);
            assertThat(folder.resolve("audio/ui/door.wav")).content().isEqualTo("audio of door");
            assertThat(folder.resolve("audio/ui"))
                    .isDirectoryContaining(file -> true)
                    .isDirectoryNotContaining("glob:**.part");
            assertThat(shell.out()).contains("1 take not archived");
            assertThat(shell.err())
                    .contains("what came has the SHA-256 " + sha256 + " and not " + DOOR)
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
            api.rule(
                    "GET /v1/batches/" + BATCH + "/results?format=jsonl",
                    _ -> new Reply(500, "{\"title\":\"broken\"}"));
            assertThat(run("results", BATCH, "-o", "out/errors.csv")).isEqualTo(ExitCode.REFUSED);
            assertThat(folder.resolve("out/errors.csv")).content().isEqualTo("job_id,reference\r\n");
            assertThat(run("results", BATCH, "--format", "xml")).isEqualTo(ExitCode.USAGE);
            assertThat(run("results", BATCH, "--format", "csv", "-o", "out/errors.csv/x"))
                    .isEqualTo(ExitCode.FILE);
            assertThat(shell.err()).contains("errors.csv/x cannot be written: ");
        }
    }
}
