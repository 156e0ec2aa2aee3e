package io.wavequeue.cli;

import static io.wavequeue.cli.FakeBulk.ID;
import static io.wavequeue.cli.FakeBulk.now;
import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.cli.FakeApi.Reply;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jobs that are named by their ids, and what is said of those for which nothing is done. */
class NamedJobsIT extends AtFakeApi {

    private static final String JOB = "0198f7a0-0000-7000-8000-00000000000a";

    private FakeBulk replays;

    @BeforeEach
    void start() {
        replays = new FakeBulk(api, "replays");
    }

    /** Of four jobs j2 is parked and j4 under way; a fifth does not pass the rest of the filter. */
    private Reply planOf(FakeApi.Request request) {
        List<String> asked = Stream.of("j1", "j2", "j3", "j4", "j5")
                .filter(request.body()::contains)
                .toList();
        int matched = asked.size() - (asked.contains("j5") ? 1 : 0);
        String skipped = Stream.of("j2", "j4")
                .filter(asked::contains)
                .map(job -> "{\"job_id\":\"%s\",\"outcome\":\"%s\"}"
                        .formatted(job, job.equals("j2") ? "parked" : "under_way"))
                .collect(Collectors.joining(","));
        return new Reply(
                200,
                ("{\"id\":null,\"status\":\"planned\",\"matched\":%d,\"skipped\":{\"parked\":%d,\"under_way\":%d},"
                                + "\"skipped_jobs\":[%s]}")
                        .formatted(matched, asked.contains("j2") ? 1 : 0, asked.contains("j4") ? 1 : 0, skipped));
    }

    @Test
    void shouldSayWhichAreLeftAloneAndWhyWhenJobsAreNamed() {
        api.rule("POST /v1/replays", this::planOf);
        shell.withPerson("n");
        run("replay", "j1", "j2", "j3", "j4", "j5");
        assertThat(shell.out()).contains("""
                of the jobs that were named, these are left alone:
                  j2  parked: they were replayed as often as they may be; --force parked does it once more
                  j4  under_way: they are on their way already
                  1 job left out by the rest of the filter
                """);
    }

    @Test
    void shouldNameThePredictionWhenOneSpeaksAgainstANamedJob() {
        replays.plan("""
                "matched":1,"skipped":{"provider_has_it":1},"skipped_jobs":[{"job_id":"j1","outcome":"provider_has_it",
                 "message":"the provider made prediction p1; \\"force\\": [\\"provider_has_it\\"] goes on all the same"}]""");
        assertThat(run("replay", "j1")).isEqualTo(ExitCode.HELD);
        assertThat(shell.out()).contains("""
                these are left alone:
                  j1  provider_has_it: the provider made prediction p1; --force provider_has_it goes on all the same
                """);
    }

    @ParameterizedTest
    @CsvSource({"replay, j4", "hold, j4", "cancel, j4", "release, j5"})
    void shouldNotExit0WhenNothingIsDoneForANamedJob(String word, String job) {
        for (String kind : List.of("replays", "holds", "cancellations", "releases")) {
            api.rule("POST /v1/" + kind, this::planOf);
        }
        assertThat(run(word, "--job", job, "--yes")).isEqualTo(ExitCode.HELD);
        assertThat(run(word, "--job", job, "--dry-run")).isZero();
        assertThat(api.requests("POST ")).allMatch(request -> request.body().contains("dry_run"));
        assertThat(shell.out()).contains("these are left alone:\n  " + (job.equals("j5") ? "1 job" : job) + " ");
    }

    @Test
    void shouldNotExit0WhenANamedJobIsLeftAloneAtItsTurn() {
        String filter = "\"filter\":{\"id\":[\"j1\",\"j2\"]},\"matched\":2,";
        replays.plan(filter + "\"skipped\":{}")
                .then(now(
                        "done", filter + "\"replayed\":1,\"skipped\":{\"changed\":1},\"outcomes\":{\"succeeded\":1}"));
        api.rule(
                "GET /v1/replays/" + ID + "/jobs?outcome=changed&limit=1000",
                _ -> new Reply(
                        200,
                        "{\"items\":[{\"job_id\":\"j2\",\"outcome\":\"changed\",\"message\":\"it has changed\"}]}"));
        assertThat(run("replay", "j1", "j2", "--yes")).isEqualTo(ExitCode.HELD);
        assertThat(shell.out()).contains("j2   -          -      changed  -\n  it has changed\n");
    }

    @ParameterizedTest
    @CsvSource({"hold, holds", "release, releases", "cancel, cancellations", "resolve abandon, resolutions"})
    void shouldTakeIdsAsReplayDoesWhenJobsAreNamedWithoutAnOption(String words, String kind) {
        FakeBulk bulk = new FakeBulk(api, kind).plan("\"matched\":2,\"skipped\":{}");
        assertThat(run((words + " j1 j2 --yes --no-wait").split(" "))).isZero();
        assertThat(bulk.made().getFirst().body()).startsWith("{\"filter\":{\"id\":[\"j1\",\"j2\"]}");
    }

    @Test
    void shouldAskAboutAJobWhenTheIdToCancelIsNoBatchs() {
        FakeBulk bulk = new FakeBulk(api, "cancellations")
                .plan("\"matched\":1,\"skipped\":{}")
                .then(now("done", "\"matched\":1,\"cancelled\":1"));
        shell.withPerson("y");
        assertThat(run("cancel", JOB)).isZero();
        assertThat(shell.questions()).containsExactly("Cancel 1 job? What was charged stays charged. [y/N] ");
        assertThat(bulk.made().getFirst().body()).isEqualTo("{\"filter\":{\"id\":[\"" + JOB + "\"]}}");
        assertThat(run("cancel", "sfx")).isEqualTo(ExitCode.REFUSED);
    }

    @Test
    void shouldSpeakOfOptionsWhenTheApiSpeaksOfFields() {
        api.rule("POST /v1/replays", _ -> new Reply(422, """
                {"title":"The request is invalid","detail":"2 things are wrong; errors lists them","errors":[
                 {"field":"filter.id","message":"there is no job j9"},
                 {"field":"force","message":"\\"uncertain\\" cannot be forced; these can: parked"}]}"""));
        assertThat(run("replay", "j9", "--force", "uncertain")).isEqualTo(ExitCode.REFUSED);
        assertThat(shell.err()).isEqualTo("""
                wavequeue: The request is invalid (HTTP 422)
                  2 things are wrong:
                  --job: there is no job j9
                  --force: "uncertain" cannot be forced; these can: parked
                """);
    }

    @Test
    void shouldTellProgramsInNotesWhenJsonIsAsked() {
        api.rule("POST /v1/replays", this::planOf);
        assertThat(run("replay", "j2", "--json")).isEqualTo(ExitCode.HELD);
        assertThat(shell.out()).contains("{\"event\":\"note\",\"message\":\"j2  parked: they were");
    }
}
