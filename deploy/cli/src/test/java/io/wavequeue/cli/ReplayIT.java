package io.wavequeue.cli;

import static io.wavequeue.cli.FakeBulk.ID;
import static io.wavequeue.cli.FakeBulk.now;
import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.cli.FakeApi.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is done about failed jobs: failures, replay and its like, and their record. */
class ReplayIT extends AtFakeApi {

    private static final String BATCH = "0198f7a0-0000-7000-8000-0000000000b1";
    private static final String JOB = "0198f7a0-0000-7000-8000-00000000000a";

    private static final String PLAN = """
            "matched":400,"replayed":0,"waiting":388,"skipped":{"moderated":10,"under_way":2},
            "estimated_usd":8.4196,"unknown_price":1,"by_error_class":{"moderated":10,"provider_error":390},
            "by_model":[{"model":"stability-ai/stable-audio-3/music","jobs":388,"estimated_usd":8.4196,"unknown_price":1}],
            "outcomes":{"succeeded":0,"failed":0,"cancelled":0,"held":0,"under_way":0},"same_error":0""";

    private FakeBulk replays;

    @BeforeEach
    void start() {
        replays = new FakeBulk(api, "replays").plan(PLAN);
    }

    private static String stands(int replayed, int succeeded, int failed, int underWay) {
        return """
                "matched":400,"replayed":%d,"waiting":0,"skipped":{"moderated":10,"under_way":2},"same_error":%d,
                "outcomes":{"succeeded":%d,"failed":%d,"cancelled":0,"held":0,"under_way":%d}""".formatted(replayed, failed, succeeded, failed, underWay);
    }

    @Nested
    class Many {

        @Test
        void shouldShowAskMakeAndFollowWhenAFilterSelects() {
            replays.then(
                    now("running", stands(200, 0, 0, 200)),
                    now("done", stands(388, 290, 0, 98)),
                    now("done", stands(388, 380, 8, 0) + ",\"charged_usd\":8.4"));
            shell.withPerson("y");
            assertThat(run("replay", "--batch", BATCH, "--label", "scene=forest", "--since", "2026-11-21"))
                    .isEqualTo(ExitCode.HELD);
            assertThat(shell.questions())
                    .containsExactly("Replay 388 jobs for $8.4196, and nobody knows that of 1 job? [y/N] ");
            assertThat(shell.out()).isEqualTo("""
                    400 jobs match, 388 to be replayed, 12 left alone

                    error class     jobs
                    --------------------
                    moderated         10
                    provider_error   390

                    model                              jobs  price USD
                    --------------------------------------------------
                    stability-ai/stable-audio-3/music   388   8.419600
                      the price of 1 job is not known

                    12 jobs left alone:
                          10  moderated: refused for their content, which is the same: change it with --set, or --force moderated
                           2  under_way: they are on their way already

                    price now  $8.4196, and nobody knows that of 1 job

                    replay %1$s: 400 jobs
                       0.0 s  200 of 400 replayed, 12 left alone, 200 under way
                       1.0 s  388 of 400 replayed, 12 left alone, 380 succeeded, 8 failed, 388.0/s
                    replay %1$s: 388 of 400 replayed; 380 succeeded, 8 failed (8 with the same error); charged $8.40 so far
                    left alone as moderated: wavequeue replays %1$s --jobs --outcome moderated
                    what failed again: wavequeue failures --replay %1$s
                    """.formatted(ID));
            assertThat(replays.made()).singleElement().satisfies(made -> {
                assertThat(made.body()).isEqualTo("""
                        {"filter":{"batch_id":"%s","labels":{"scene":"forest"},"created_after":"2026-11-20T23:59:59.999999Z"}}""".formatted(BATCH));
                assertThat(made.headers())
                        .containsEntry("idempotency-key", "wavequeue-replay-12345678-9abc-4def-0000-000000000001");
            });
        }

        @Test
        void shouldShowAllThatIsConfirmedWhenMoreThanJobsIsAskedFor() {
            replays.plan("\"matched\":30,\"skipped\":{},\"estimated_usd\":0.651,\"failed_again\":30,"
                    + "\"balance_usd\":0.651,\"budget_left_usd\":0.2");
            assertThat(run(
                            ("replay --all --dry-run --set duration=5 --set seed=null --rate 10 --force parked --force moderated")
                                    .split(" ")))
                    .isZero();
            assertThat(shell.out()).isEqualTo("""
                    30 jobs match

                    30 of 30 failed the same way after their last replay

                    overrides  {"duration":5,"seed":null}
                    rate       10 a minute: about 3 min for 30 jobs
                    forced     parked, moderated
                    price now  $0.651
                    budget     $0.20 left: $0.451 short; what it does not cover is held

                    """);
        }

        @Test
        void shouldMakeNothingWhenADryRunIsAskedOrNobodyAgrees() {
            assertThat(run("replay", "--all", "--dry-run")).isZero();
            assertThat(run("replay", "--all")).isEqualTo(ExitCode.NOT_CONFIRMED);
            assertThat(run("replay", "--all", "--json")).isEqualTo(ExitCode.NOT_CONFIRMED);
            shell.withPerson("n");
            assertThat(run("replay", "--all")).isEqualTo(ExitCode.NOT_CONFIRMED);
            assertThat(shell.err()).contains("agree with --yes; nothing was replayed");
            assertThat(shell.out()).endsWith("nothing was replayed\n");
            assertThat(replays.made()).isEmpty();
            assertThat(api.requests("POST /v1/replays").getFirst().body())
                    .isEqualTo("{\"filter\":{},\"dry_run\":true}");
        }

        @Test
        void shouldTellProgramsInEventsWhenJsonIsAsked() {
            replays.then(now("done", "\"matched\":1,\"replayed\":1,\"outcomes\":{\"succeeded\":1}"));
            assertThat(run("replay", "--all", "--yes", "--json")).isZero();
            assertThat(shell.out().lines().map(line -> line.replaceFirst(",\"status.*", "")))
                    .containsExactly(
                            "{\"event\":\"plan\",\"replay\":{\"id\":null",
                            "{\"event\":\"created\",\"replay\":{\"id\":\"" + ID + "\"",
                            "{\"event\":\"progress\",\"replay\":{\"id\":\"" + ID + "\"",
                            "{\"event\":\"done\",\"replay\":{\"id\":\"" + ID + "\"");
        }

        @Test
        void shouldEndAtOnceWhenNothingIsLeftToReplay() {
            replays.plan(
                    "\"matched\":3,\"skipped\":{\"parked\":2,\"superseded\":1},\"by_error_class\":{\"internal\":3}");
            assertThat(run("replay", "--all", "--yes")).isEqualTo(ExitCode.HELD);
            replays.plan("\"matched\":0,\"skipped\":{}");
            assertThat(run("replay", "--all", "--yes")).isZero();
            assertThat(shell.out())
                    .contains(
                            "2  parked: they were replayed",
                            "1  superseded: their library has other jobs for them since; --force superseded buys them all the same")
                    .endsWith("no job matches\n\nnothing to do\n");
            assertThat(replays.made()).isEmpty();
        }

        @Test
        void shouldAskWithTheSameKeyWhenTheAnswerIsLost() {
            replays.then(now("done", "\"matched\":0"));
            AtomicInteger lost = new AtomicInteger(1);
            api.rule("POST /v1/replays", request -> {
                boolean dry = request.body().contains("\"dry_run\":true");
                return !dry && lost.getAndDecrement() > 0 ? null : new Reply(202, now("planned", PLAN));
            });
            assertThat(run("replay", "--all", "--yes")).isZero();
            assertThat(replays.made()).hasSize(2);
            assertThat(replays.made().stream()
                            .map(made -> made.headers().get("idempotency-key"))
                            .distinct())
                    .hasSize(1);
            lost.set(10);
            assertThat(run("replay", "--all", "--yes", "--key", "night 1")).isEqualTo(ExitCode.UNREACHABLE);
            assertThat(shell.err())
                    .contains("the same command with --key 'night 1' makes sure, and never makes a second one");
            lost.set(0);
            api.rule(
                    "POST /v1/replays",
                    request -> request.body().contains("\"dry_run\":true")
                            ? new Reply(200, "{\"id\":null,\"status\":\"planned\",\"matched\":0,\"skipped\":{}}")
                            : new Reply(202, now("planned", "\"matched\":3")));
            shell.withPerson("y");
            String before = shell.out();
            assertThat(run("replay", "--all", "--key", "night 1", "--no-wait")).isZero();
            assertThat(shell.out().substring(before.length())).isEqualTo("""
                    replay %1$s: 3 jobs
                    look at it with: wavequeue replays %1$s
                    """.formatted(ID));
            assertThat(shell.questions())
                    .containsExactly("Nothing is left to do; ask for what was made with the key night 1? [y/N] ");
            assertThat(shell.out()).endsWith("look at it with: wavequeue replays " + ID + "\n");
        }

        @Test
        void shouldSayHowToLookAgainWhenThePersonLeavesAndHowToGoOnWhenItWaits() {
            List<String> farewells = new ArrayList<>();
            api.rule("GET /v1/replays/" + ID, _ -> {
                farewells.add(shell.farewell());
                return new Reply(200, now("paused", stands(100, 100, 0, 0)));
            });
            assertThat(run("replays", ID, "--wait")).isEqualTo(ExitCode.HELD);
            assertThat(farewells.getFirst())
                    .contains("look at it with `wavequeue replays " + ID + "`")
                    .contains("`wavequeue replays abort " + ID + "`");
            assertThat(shell.farewell()).isEmpty();
            assertThat(shell.err()).contains("it is paused; `wavequeue replays resume " + ID + "`");
            assertThat(shell.time().waits()).startsWith(Duration.ofMillis(500)).hasSizeLessThan(21);
        }

        @Test
        void shouldNameTheAccountWhenTheEnvironmentNamesNobody() {
            shell.withAccount("mira");
            run("replay", "--all", "--yes", "--no-wait");
            assertThat(replays.made().getFirst().body()).contains("\"requested_by\":\"mira\"");
        }

        @Test
        void shouldSayAllThatWasAskedForWhenManyOptionsAreGiven() throws IOException {
            Files.writeString(folder.resolve("patch.json"), "{\"seed\":null,\"duration\":9}");
            assertThat(shell.run(
                            Map.of("USER", "mira", "WAVEQUEUE_API_URL", api.address()),
                            ("replay --from-topic --model x/music --since 2026-11-20 --until 2026-11-21T06:00:00Z --rate 60 --note late"
                                            + " --overrides @patch.json --set duration=5 --set prompt=5_dogs --force parked --force moderated"
                                            + " --fingerprint f1 --status failed --status cancelled --yes --no-wait")
                                    .split(" ")))
                    .isZero();
            assertThat(replays.made().getFirst().body()).isEqualTo("""
                    {"filter":{"model":"x/music","fingerprint":"f1","status":["failed","cancelled"]},"source":"dead_letters",\
                    "since":"2026-11-20T00:00:00Z","until":"2026-11-21T06:00:00Z",\
                    "input_overrides":{"seed":null,"duration":5,"prompt":"5_dogs"},"force":["parked","moderated"],\
                    "rate_per_minute":60,"requested_by":"mira","note":"late"}""");
            replays.plan("""
                    "matched":1,"skipped":{"history_unread":1},
                    "refused":[{"key":"7f","reason":"record_invalid","message":"model is missing"}],"refused_count":1""");
            assertThat(run("replay", "--from-topic", "--yes")).isEqualTo(ExitCode.HELD);
            assertThat(shell.out()).contains("1 record is no job:\n  7f  model is missing\n");
            replays.plan(PLAN);
            run("replay", "--from-topic", "--yes", "--no-wait");
            assertThat(replays.made().getLast().body()).isEqualTo("{\"source\":\"dead_letters\"}");
            run("replay", "j1", "j2", "--job", "j3", "--yes", "--no-wait");
            assertThat(replays.made().getLast().body()).isEqualTo("{\"filter\":{\"id\":[\"j3\",\"j1\",\"j2\"]}}");
            run("replay", "--batch", BATCH, "--missing", "--yes", "--no-wait");
            assertThat(replays.made().getLast().body())
                    .isEqualTo("{\"filter\":{\"batch_id\":\"" + BATCH + "\"},\"missing\":true}");
        }

        /** The filter of the API leaves out what was created at its time, such as all jobs of a batch, which have one. */
        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                2026-11-21T02:14:05.123456Z | 2026-11-21T02:14:05.123455Z
                2026-11-21T02:00:00+01:00   | 2026-11-21T01:59:59.999999+01:00
                yesterday                   | yesterday
                """)
        void shouldIncludeWhatWasCreatedAtTheTimeWhenSinceIsGiven(String since, String sent) {
            new FakeBulk(api, "holds").plan("\"matched\":0,\"skipped\":{}");
            assertThat(run("hold", "--since", since, "--dry-run")).isZero();
            assertThat(api.requests("POST /v1/holds").getFirst().body())
                    .startsWith("{\"filter\":{\"created_after\":\"" + sent + "\"}");
        }

        @Test
        void shouldLeaveItToTheApiWhenNothingCanBeSinceAndUntil() {
            run("hold", "--since", "2026-11-21", "--until", "2026-11-21", "--dry-run");
            assertThat(api.requests("POST /v1/holds").getFirst().body())
                    .contains("\"created_after\":\"2026-11-21T00:00:00Z\",\"created_before\":\"2026-11-21T00:00:00Z\"");
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                replay                                        | which jobs? Name some by --batch
                replay --set duration=5                       | which jobs?
                hold                                          | which jobs?
                replay --all --model x                        | --all is every job, and a filter is not: give either --all or --model
                replay --all --fingerprint f --model x        | --all is every job, and a filter is not: give either --all or --fingerprint
                hold --all --status failed                    | --all is every job, and a filter is not: give either --all or --status
                replay --from-topic --all --model x           | --all is every job, and a filter is not: give either --all or --model
                replay --from-topic --all --since 2026-11-21  | --all is every job, and a filter is not: give either --all or --since
                replay --from-topic --missing --batch b       | --missing is about a batch's jobs, and --from-topic about dead letters
                replay --missing --all                        | --missing is about a whole batch
                replay --missing --batch b --status failed    | --missing is about a whole batch
                replay --overrides [1] --all                  | --overrides '[1]' is no JSON object
                replay --missing --batch b j1                 | --missing is about a whole batch
                cancel 0198f7a0-0000-7000-8000-0000000000b1 --dry-run | --dry-run is for jobs that a filter selects: write --batch 0198f7a0-0000-7000-8000-0000000000b1, or --job 0198
                failures --yse                                | there is no option '--yse'; see
                hold --yse --all                              | there is no option '--yse'; see
                resolve perhaps --all                         | 'perhaps' is none of adopt, resubmit, abandon
                replays --jobs                                | of which replay? Its id is missing
                replays --wait                                | of which replay? Its id is missing
                replays r1 --wait --jobs                      | --wait follows the replay, and --jobs lists its jobs: give one of them
                holds h1 --outcome ended --wait               | --wait follows the hold, and --outcome lists its jobs: give one of them
                """)
        void shouldRefuseAndAskNobodyWhenItIsNotClearWhatIsMeant(String words, String why) {
            assertThat(run(words.split(" "))).isEqualTo(ExitCode.USAGE);
            assertThat(shell.err()).contains(why);
            assertThat(api.requests("")).isEmpty();
        }
    }

    @Nested
    class OtherKinds {

        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                cancel          | cancellations | cancelled | Cancel 3 jobs? What was charged stays charged. [y/N]
                hold            | holds         | held      | Hold 3 jobs? [y/N]
                release         | releases      | released  | Release 3 jobs? [y/N]
                resolve adopt   | resolutions   | resolved  | Adopt the predictions of 3 jobs? [y/N]
                resolve abandon | resolutions   | resolved  | Give up 3 jobs? What was charged stays charged. [y/N]
                """)
        void shouldBeAskedMadeAndFollowedLikeAReplay(String words, String kind, String done, String question) {
            FakeBulk bulk = new FakeBulk(api, kind)
                    .plan("\"matched\":4,\"skipped\":{\"under_way\":1},\"estimated_usd\":0")
                    .then(now("done", "\"matched\":4,\"" + done + "\":3,\"skipped\":{\"under_way\":1}"));
            shell.withPerson("yes");
            assertThat(run((words + " --model x").split(" "))).isZero();
            assertThat(shell.questions()).containsExactly(question + " ");
            assertThat(shell.out()).endsWith(ID + ": 3 of 4 " + done + "\n");
            String decision =
                    words.startsWith("resolve") ? ",\"decision\":\"" + words.substring("resolve ".length()) + "\"" : "";
            assertThat(bulk.made())
                    .singleElement()
                    .extracting(FakeApi.Request::body)
                    .isEqualTo("{\"filter\":{\"model\":\"x\"}" + decision + "}");
        }

        @Test
        void shouldWantAPersonWhenTheTopicHasRecordsThatAreNoJobs() {
            String refused = "{\"key\":\"7f\",\"reason\":\"record_invalid\",\"message\":\"model is missing\"}";
            replays.plan("\"matched\":0,\"skipped\":{},\"refused_count\":5000,\"refused\":["
                    + String.join(",", Collections.nCopies(100, refused)) + "]");

            assertThat(run("replay", "--from-topic", "--yes")).isEqualTo(ExitCode.HELD);

            assertThat(shell.out())
                    .contains("5,000 records are no jobs:\n")
                    .contains("  and 4,980 more; --json has the first 100\n");
        }

        @ParameterizedTest
        @ValueSource(strings = {"history_unread", "kafka_away", "library_busy"})
        void shouldNotDoubtWhatTheApiSaysWasNotDone(String code) {
            api.rule(
                    "POST /v1/replays",
                    request -> request.body().contains("\"dry_run\":true")
                            ? new FakeApi.Reply(200, "{\"status\":\"planned\",\"matched\":1,\"skipped\":{}}")
                            : new FakeApi.Reply(
                                    503, "{\"title\":\"Not now\",\"status\":503,\"code\":\"" + code + "\"}"));

            assertThat(run("replay", "--all", "--yes")).isEqualTo(ExitCode.REFUSED);

            assertThat(shell.err()).contains("Not now").doesNotContain("may have been made");
        }

        @Test
        void shouldDoubtWhatEndedInAnErrorOfTheServer() {
            api.rule(
                    "POST /v1/replays",
                    request -> request.body().contains("\"dry_run\":true")
                            ? new FakeApi.Reply(200, "{\"status\":\"planned\",\"matched\":1,\"skipped\":{}}")
                            : new FakeApi.Reply(503, "<html>"));

            run("replay", "--all", "--yes");

            assertThat(shell.err()).contains("the replay may have been made all the same");
        }

        @ParameterizedTest
        @ValueSource(strings = {"may_be_charged", "provider_has_it", "history_unread"})
        void shouldSayThatItMayPayTwiceWhenADoubtIsForced(String doubt) {
            shell.withPerson("n");
            run("replay", "--all", "--force", doubt);
            assertThat(shell.questions().getFirst())
                    .endsWith("of 1 job? That may pay twice: some may have been charged already. [y/N] ");
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                hold            | holds
                cancel          | cancellations
                release         | releases
                resolve abandon | resolutions
                replay          | replays
                """)
        void shouldBeAboutTheJobsOfAReplayWhenOneIsNamed(String words, String kind) {
            FakeBulk bulk = new FakeBulk(api, kind).plan("\"matched\":4,\"skipped\":{}");
            assertThat(run((words + " --replay " + ID + " --yes --no-wait").split(" ")))
                    .isZero();
            assertThat(bulk.made().getFirst().body()).contains("{\"filter\":{\"replay_id\":\"" + ID + "\"}");
        }

        @Test
        void shouldNameThePriceAndThatItMayBePaidTwiceWhenJobsAreSubmittedAgain() {
            new FakeBulk(api, "resolutions")
                    .plan("\"matched\":4,\"skipped\":{\"several_candidates\":1},\"estimated_usd\":0.0651")
                    .then(now("aborted", "\"matched\":4,\"resolved\":1,\"skipped\":{\"aborted\":3}"));
            shell.withPerson("y");
            assertThat(run("resolve", "resubmit", "--all")).isEqualTo(ExitCode.FAILED);
            assertThat(shell.questions())
                    .containsExactly("Submit 3 jobs again for $0.0651?"
                            + " That may pay twice: the submits in doubt may have been charged. [y/N] ");
            assertThat(shell.out()).contains(": 1 of 4 resolved; aborted\n");
        }
    }

    @Nested
    class Record {

        @Test
        void shouldListThemShowOneAndItsJobsWhenAsked() {
            replays.then(now("done", stands(388, 380, 8, 0) + """
                    ,"estimated_usd":8.4196,"charged_usd":8.5,"unknown_price":0,"by_error_class":{"moderated":10,"provider_error":390},
                    "source":"dead_letters","filter":{"model":"x/music"},"input_overrides":{"duration":5},"rate_per_minute":60,
                    "force":["parked"],"requested_by":"mira","note":"after the outage","created_at":"2026-11-21T03:00:00Z",
                    "ended_at":"2026-11-21T03:09:00Z\""""));
            api.rule(
                    "GET /v1/replays?limit=20",
                    _ -> new Reply(
                            200,
                            "{\"items\":[" + now("running", stands(200, 0, 0, 0) + ",\"requested_by\":\"mira\"")
                                    + "],\"next_cursor\":\"c\"}"));
            api.rule(
                    "GET /v1/replays/" + ID + "/jobs?outcome=moderated&limit=100",
                    _ -> new Reply(200, """
                    {"items":[{"job_id":"%s","reference":"door","model":"x/music","outcome":"moderated","status":"failed",
                     "message":"it would be submitted unchanged: change its input with input_overrides; \\"force\\": [\\"moderated\\"] goes on all the same"}],"next_cursor":null}""".formatted(JOB)));
            assertThat(run("replays")).isZero();
            assertThat(run("replays", ID)).isZero();
            assertThat(run("replays", ID, "--jobs", "--outcome", "moderated")).isZero();
            assertThat(shell.out()).isEqualTo("""
                    replay                                status   jobs  replayed  left alone  created  by    note
                    ----------------------------------------------------------------------------------------------
                    %1$s  running   400       200          12  -        mira  -
                    and more; --limit lists them
                    replay       %1$s
                    status       done
                    jobs         400 matched, 388 replayed, 12 left alone, 0 waiting
                    became       380 succeeded, 8 failed (8 with the same error)
                    planned      $8.4196
                    charged      $8.50 so far
                    before       10 moderated, 390 provider_error
                    from         the dead letters of the topic
                    filter       {"model":"x/music"}
                    overrides    {"duration":5}
                    rate         60 a minute
                    forced       parked
                    by           mira
                    note         after the outage
                    created      2026-11-21T03:00:00Z
                    ended        2026-11-21T03:09:00Z
                    12 jobs left alone:
                          10  moderated: refused for their content, which is the same: change it with --set, or --force moderated
                           2  under_way: they are on their way already
                    job                                   reference  model    outcome    is now
                    ---------------------------------------------------------------------------
                    %2$s  door       x/music  moderated  failed
                      it would be submitted unchanged: change its input with --set; --force moderated goes on all the same
                    """.formatted(ID, JOB));
        }

        @Test
        void shouldPauseResumeAndAbortWhenAsked() {
            for (String wish : List.of("pause", "resume", "abort")) {
                api.rule(
                        "POST /v1/holds/" + ID + "/" + wish,
                        _ -> new Reply(200, now("paused", "\"matched\":3,\"held\":1")));
                assertThat(run("holds", wish, ID)).isZero();
            }
            assertThat(shell.out())
                    .contains("No other job is held before `wavequeue holds resume " + ID + "`.")
                    .contains("It goes on; follow it with: wavequeue holds " + ID + " --wait")
                    .contains("What was done stays done");
            api.rule("POST /v1/holds/" + ID + "/abort", _ -> new Reply(409, "{\"title\":\"It has ended\"}"));
            assertThat(run("holds", "abort", ID)).isEqualTo(ExitCode.REFUSED);
            api.rule(
                    "POST /v1/replays/" + ID + "/abort",
                    _ -> new Reply(200, now("aborted", "\"matched\":3,\"replayed\":1")));
            assertThat(run("replays", "abort", ID)).isZero();
            assertThat(shell.out()).endsWith("is held by: wavequeue hold --replay " + ID + "\n");
        }
    }
}
