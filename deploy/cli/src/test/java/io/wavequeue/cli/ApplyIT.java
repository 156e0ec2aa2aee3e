package io.wavequeue.cli;

import static io.wavequeue.cli.FakeLibrary.BATCH;
import static io.wavequeue.cli.FakeLibrary.PLAN;
import static io.wavequeue.cli.FakeLibrary.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.cli.FakeApi.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ApplyIT extends AtFakeApi {

    private static final String COUNTS = """
            "lines":2,"jobs":2,"estimated_usd":0.0434,"unknown_price":0,"new":2,"changed":0,"unchanged":0,"retake":0,
            "reused":0,"orphaned":0,"expected_seconds":null,"balance_usd":null,"budget_usd":5,"by_model":[]""";

    /** Of an archived file. */
    private static final String DOOR = "3d04fd97fd82bd7a5aef9fdcbd2e0d7c9c0bd3d6aa9cd8e97bfe4d8b0b2e0000";

    private FakeLibrary library;

    @BeforeEach
    void start() throws IOException {
        library = new FakeLibrary(api).plan(COUNTS);
        library.item(
                "{\"line\":2,\"reference\":\"door\",\"take\":1,\"action\":\"new\",\"estimated_usd\":0.0217,\"key\":\"k1\"}");
        library.item(
                "{\"line\":3,\"reference\":\"menu\",\"take\":1,\"action\":\"new\",\"estimated_usd\":0.0217,\"key\":\"k2\"}");
        library.batchIs(batch("done", "\"total\":2,\"succeeded\":2,\"archived\":2"));
        Files.writeString(folder.resolve("sfx.csv"), "reference,model,prompt\ndoor,x/music,creak\nmenu,x/music,harp\n");
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
    void shouldLockWithNamesAndVerdictsWhenTheyComeAMomentLater() {
        String early = """
                {"items":[{"reference":"a","take":1,"files":[],"outputs":[{"file":"x.wav","sha256":"s","audio":null}]}]}""";
        String later = """
                {"items":[{"reference":"a","take":1,"files":["libraries/sfx/a.wav"],"outputs":[{"sha256":"s","audio":{"verdict":"ok"}}]}]}""";
        Queue<String> looks = new ArrayDeque<>(List.of(early, early, later));
        api.rule("GET /v1/takes?", _ -> new Reply(200, looks.size() > 1 ? looks.remove() : looks.element()));
        assertThat(run("apply", "sfx.csv", "--yes")).isZero();
        assertThat(folder.resolve("sfx.csv.lock")).content().contains("libraries/sfx/a.wav", "\"audio\":\"ok\"");
        api.rule("GET /v1/takes?", _ -> new Reply(200, early));
        assertThat(run("watch", BATCH)).isZero();
        assertThat(shell.out()).contains("1 take not named or not checked yet: `wavequeue watch sfx`");
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
        library.batchIs(
                batch("running", "\"total\":2,\"running\":2"),
                batch("done", "\"total\":2,\"succeeded\":1,\"failed\":1"));
        assertThat(run("apply", "sfx.csv")).isEqualTo(ExitCode.FAILED);
        assertThat(shell.out())
                .contains("nothing to make\n")
                .contains("batch " + BATCH + ": 1 of 2 succeeded, 1 failed")
                .contains("wavequeue results " + BATCH + " --only errors");
    }

    @Test
    void shouldFollowWithoutAskingWhenThePlanWasAppliedBefore() {
        api.reply(
                "/v1/plans/" + PLAN,
                200,
                "{\"id\":\"" + PLAN + "\",\"jobs\":2,\"batch_id\":\"" + BATCH + "\",\"name\":\"sfx\"}");
        assertThat(run("apply", "sfx.csv", "--plan", PLAN)).isZero();
        assertThat(shell.questions()).isEmpty();
        assertThat(shell.out()).contains("this plan was applied before").contains("2 of 2 succeeded");
    }

    @Test
    void shouldRefuseWhenThePlanIsOutdatedOrItsPriceUnknown() {
        api.rule("POST /v1/batches?name=sfx&plan=", _ -> new Reply(409, """
                {"code":"plan_outdated","title":"The plan would come out differently by now","detail":"manifest, library"}"""));
        assertThat(run("apply", "sfx.csv", "--yes", "--plan", PLAN)).isEqualTo(ExitCode.OUTDATED);
        assertThat(shell.err()).isEqualTo("""
                wavequeue: The plan would come out differently by now (HTTP 409)
                  manifest, library
                  `wavequeue plan` makes a new one; without --plan, apply makes its own.
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
                    {"reference":"door","take":1,"key":"k1","prediction":"p1","sha256":"s"},
                    {"reference":"menu","take":1,"key":"k2","prediction":"p2","sha256":null}
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
            api.rule("POST /v1/takes/pick", _ -> new Reply(200, "{\"reference\":\"door\",\"take\":2}"));
            Queue<String> looks = new ArrayDeque<>(List.of("door_02", "door_02", "door"));
            api.rule(
                    "GET /v1/takes?name=sfx&reference=door",
                    _ -> new Reply(
                            200,
                            "{\"items\":[{\"reference\":\"door\",\"take\":2,\"decision\":\"picked\",\"files\":[\"libraries/sfx/%s.wav\"]}]}"
                                    .formatted(looks.size() > 1 ? looks.remove() : looks.element())));
            assertThat(run("pick", "door", "2", "--library", "sfx")).isZero();
            assertThat(api.requests("POST /v1/takes/pick").getFirst().body())
                    .isEqualTo("{\"name\":\"sfx\",\"reference\":\"door\",\"take\":2}");
            assertThat(shell.out()).isEqualTo("door #2  picked    libraries/sfx/door.wav\nwrote a.lock: 2 takes\n");
            assertThat(folder.resolve("b.lock")).content().contains("other");
        }
    }
}
