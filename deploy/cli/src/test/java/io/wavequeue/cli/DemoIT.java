package io.wavequeue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole {@code demo} command against the contract. */
class DemoIT {

    private static final int CUES = 9;

    @TempDir
    private Path folder;

    private Path data;
    private FakeApi api;
    private Shell shell;

    @BeforeEach
    void start() throws IOException {
        data = folder.resolve("data");
        api = new FakeApi(FakeJob.Archive.in(data));
        shell = new Shell(folder);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void shouldEndWellWhenOnlyThePlannedCueFails() {
        assertThat(demo()).as(shell.out()).isZero();
        assertThat(shell.out())
                .contains("demo 12345678: 9 cues over 5 models")
                .contains("uploaded wind.wav")
                .contains("sfx/shield-hit           running")
                .contains("sfx/door-creak is meant to fail, with media_unreachable")
                .contains("sfx/door-creak           on purpose: failed (media_unreachable: could")
                .contains("on purpose: media_unreachable: could not fetch the audio")
                .contains("failed (expected)")
                .contains("data/outputs/job-1.wav")
                .contains("8 of 9 succeeded, 1 failed on purpose in 0.6 s")
                .contains("estimated $0.1953, charged $0.1953\n")
                .contains("ok: every cue ended as the manifest expects")
                .contains("ok: size, SHA-256 and format of 8 files are right")
                .contains("ok: ledger: 9 submits accepted, $0.1953 = ours");
        assertThat(shell.err()).isEmpty();
    }

    @Test
    void shouldSendWhatTheContractAsksWhenItEnqueues() {
        demo();
        JsonNode outro = api.jobs().get(7).request();
        assertThat(outro.path("model").asText()).isEqualTo("wavespeed-ai/ace-step/audio-outpaint");
        assertThat(outro.path("input").toString())
                .isEqualTo("{\"audio\":\"media:sha256:of-theme.wav\",\"tags\":\"orchestral, warm, slow, game outro\","
                        + "\"extend_after_duration\":10,\"lyrics\":\"[inst]\",\"seed\":20261}");
        assertThat(outro.path("labels").toString()).isEqualTo("{\"demo\":\"12345678\",\"category\":\"music\"}");
        assertThat(outro.path("lane").asText()).isEqualTo("interactive");
        assertThat(outro.path("max_attempts").asInt()).isEqualTo(2);
        assertThat(api.requests("POST /v1/media")).hasSize(3);
        assertThat(api.requests("POST /v1/jobs"))
                .extracting(r -> r.headers().get("idempotency-key"))
                .doesNotHaveDuplicates()
                .hasSize(CUES);
        assertThat(api.requests("GET /v1/jobs?label=demo%3A12345678&limit=")).isNotEmpty();
    }

    @Test
    void shouldEnqueueOnceWhenAnswersAreLost() {
        api.dropAnswersToSubmits(2);
        assertThat(demo()).as(shell.out()).isZero();
        assertThat(api.requests("POST /v1/jobs")).hasSizeGreaterThan(CUES);
        assertThat(api.jobs()).hasSize(CUES);
    }

    @Test
    void shouldFailWhenAFileIsNotWhatTheApiSays() throws IOException {
        api.close();
        api = new FakeApi((name, audio) -> {
            String file = FakeJob.Archive.in(data).store(name, audio);
            if (name.equals("job-1.wav")) {
                audio[0] = 'X';
                FakeJob.Archive.in(data).store(name, audio.clone());
                audio[0] = 'R';
            }
            return name.equals("job-2.mp3")
                    ? "gone.mp3"
                    : data.resolve("outputs").resolve(file).toString();
        });
        assertThat(demo()).isEqualTo(ExitCode.FAILED);
        assertThat(shell.out())
                .contains("NOT RIGHT: size, SHA-256 and format of 8 files")
                .contains("music/menu-theme: the file's SHA-256 is ")
                .contains("music/menu-theme: asked for wav, the file is no known audio format")
                .contains("music/combat-loop: data/outputs/gone.mp3 is not there");
        assertThat(Files.exists(data.resolve("outputs/job-3.aac"))).isTrue();
    }

    @Test
    void shouldFailWhenTheLedgerSaysMore() {
        api.changeLedger(json -> {
            ((ObjectNode) json.path("entries").path(1)).put("price_usd", new BigDecimal("0.021701"));
            return json;
        });
        assertThat(demo()).isEqualTo(ExitCode.FAILED);
        assertThat(shell.out()).contains("the ledger says $0.195301, our attempts say $0.1953");
    }

    @Test
    void shouldFailWhenASubmitIsNotOrTwiceInTheLedger() {
        api.changeLedger(json -> {
            ArrayNode entries = (ArrayNode) json.path("entries");
            entries.set(2, entries.get(1));
            return json;
        });
        assertThat(demo()).isEqualTo(ExitCode.FAILED);
        assertThat(shell.out())
                .contains("music/menu-theme: prediction prediction-of-job-1 is in the ledger 2 times")
                .contains("music/combat-loop: prediction prediction-of-job-2 is in the ledger 0 times");
    }

    @Test
    void shouldFailWhenAnUnknownSubmitHasABodyOfOurs() {
        api.changeLedger(json -> {
            FakeApi.enter((ArrayNode) json.path("entries"), "ghost", "body-of-job-4", "0.0217");
            return json;
        });
        assertThat(demo()).isEqualTo(ExitCode.FAILED);
        assertThat(shell.out()).contains("prediction ghost has the body of one of these jobs");
    }

    @Test
    void shouldFailWhenTheLedgerCannotBeRead() {
        api.changeLedger(json -> ((ObjectNode) json).remove("entries"));
        assertThat(demo()).isEqualTo(ExitCode.FAILED);
        assertThat(shell.out()).contains("the simulator's ledger cannot be read: it has no 'entries'");
    }

    @Test
    void shouldGiveUpWithTheRemedyWhenAllThatIsLeftIsHeld() {
        api.reply("/v1/jobs?label=demo%3A12345678&limit=19", 200, """
                {"items":[{"id":"job-1","status":"held","hold_reason":"budget","reference":"music/menu-theme"}]}""");
        assertThat(demo()).isEqualTo(ExitCode.FAILED);
        assertThat(shell.out())
                .contains("music/menu-theme         held: budget")
                .contains("gave up: what is left is held and needs a person: the daily budget is used up");
        assertThat(waited()).isLessThan(Duration.ofSeconds(32));
    }

    @Test
    void shouldGiveUpAfterTenMinutesWhenAJobDoesNotEnd() {
        api.reply("/v1/jobs?label=demo%3A12345678&limit=19", 200, """
                {"items":[{"id":"job-1","status":"uncertain","reference":"music/menu-theme"}]}""");
        assertThat(demo()).isEqualTo(ExitCode.FAILED);
        assertThat(shell.out())
                .contains("gave up: after 600.0 s music/menu-theme is uncertain: the submit's answer was lost")
                .contains("8 of the jobs do not appear in the list");
        assertThat(waited()).isBetween(Duration.ofMinutes(10), Duration.ofSeconds(601));
    }

    @Test
    void shouldExit4AndSayWhichWhenTheApiRefusesACue() {
        api.reply("/v1/jobs", 422, """
                {"title":"Invalid input","errors":[{"field":"input.prompt","message":"is missing"}]}""");
        assertThat(demo()).isEqualTo(ExitCode.REFUSED);
        assertThat(shell.out()).contains("music/menu-theme was refused");
        assertThat(shell.err()).contains("input.prompt: is missing");
    }

    @Test
    void shouldExit3WhenTheApiGoesAwayForGood() {
        api.close();
        assertThat(demo()).isEqualTo(ExitCode.UNREACHABLE);
    }

    @Test
    void shouldGoOnWhenTheApiIsStartedAgainMeanwhile() {
        api.beUnavailable("/v1/jobs?", 20);
        assertThat(demo()).as(shell.out()).isZero();
        assertThat(shell.out()).containsOnlyOnce("Not available at the moment (HTTP 503); asking again for 60.0 s");
    }

    @Test
    void shouldStopAfterAMinuteWhenTheApiStaysAway() {
        api.beUnavailable("/v1/jobs?", Integer.MAX_VALUE);
        assertThat(demo()).isEqualTo(ExitCode.REFUSED);
        assertThat(waited()).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(66));
    }

    @Test
    void shouldDrawABarWithoutEscapesWhenATerminalShowsIt() {
        shell.withTerminal();
        assertThat(demo()).as(shell.out()).isZero();
        assertThat(shell.out())
                .contains("9/9")
                .contains("0 running, $0.1953 charged")
                .contains("\r  music/menu-theme         succeeded")
                .doesNotContain("\u001b");
    }

    private int demo() {
        return shell.run("demo", "--api", api.address(), "--out", "data", "--simulator", api.address());
    }

    private Duration waited() {
        return shell.time().waits().stream().reduce(Duration.ZERO, Duration::plus);
    }
}
