package io.wavequeue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class CommandsIT extends AtFakeApi {

    private static final String JOB = """
            {"id":"0198f7a0-0000-7000-8000-00000000000a","status":"held","hold_reason":"budget","model":"stability-ai/stable-audio-3/music",
             "reference":"music/menu","lane":"bulk","replay_note":"replayed 1 time, same error",
             "replays":[{"number":1,"replay_id":"r","at":"2026-11-21T02:00:00Z","error":{"class":"rate_limited","message":"wait"},"input":{}}],
             "error":{"class":"rate_limited","message":"wait\\u001b[31m"},
             "attempts":[{"number":1,"status":"failed","prediction_id":"p1","charged_usd":0.0217,
                          "error":{"class":"provider_error","message":"boom"}}],
             "outputs":[{"file":"a/b.wav","bytes":12,"sha256":"cafe","archived_at":"2026-11-21T03:00:00Z"}],
             "cost":{"estimated_usd":"0.0217","charged_usd":0.021700,"refunded_usd":null},
             "timings":{"queued_ms":12,"total_ms":2345}}""";

    @Nested
    class Words {

        @Test
        void shouldNameNearestCommandWhenWordIsUnknown() {
            assertThat(shell.run("modles")).isEqualTo(ExitCode.USAGE);
            assertThat(shell.err())
                    .isEqualTo("wavequeue: there is no command 'modles', did you mean 'models';"
                            + " see `wavequeue --help`\n");
        }

        @Test
        void shouldListCommandsWhenNoneIsNear() {
            assertThat(shell.run("photosynthesis")).isEqualTo(ExitCode.USAGE);
            assertThat(shell.err()).contains("there are ").contains("demo").contains("status");
        }

        @Test
        void shouldPointToLauncherWhenWordIsTheLaunchers() {
            assertThat(shell.run("up")).isEqualTo(ExitCode.USAGE);
            assertThat(shell.err()).contains("`./wavequeue up`");
        }

        @Test
        void shouldRefuseWhenWordOptionOrAddressIsWrong() {
            assertThat(shell.run()).isEqualTo(ExitCode.USAGE);
            assertThat(shell.run("watch")).isEqualTo(ExitCode.USAGE);
            assertThat(shell.run("status", "a", "b")).isEqualTo(ExitCode.USAGE);
            assertThat(shell.run("cost", "--by", "colour")).isEqualTo(ExitCode.USAGE);
            assertThat(shell.run("cost", "--bye", "day")).isEqualTo(ExitCode.USAGE);
            assertThat(shell.run("account", "--api", "127.0.0.1:8080")).isEqualTo(ExitCode.USAGE);
            assertThat(shell.err())
                    .contains("a command is missing")
                    .contains("BATCH|LIBRARY")
                    .contains("'b' is one word too many")
                    .contains("'colour'")
                    .contains("did you mean '--by'")
                    .contains("'127.0.0.1:8080' is no address");
        }

        @Test
        void shouldPrintAScriptThatKnowsEveryWordWhenCompletionIsAsked() {
            assertThat(shell.run("completion")).isZero();
            assertThat(shell.out())
                    .startsWith("#!/usr/bin/env bash")
                    .contains("plan apply watch status results failures replay resolve")
                    .contains("_wavequeue_replays_pause", "--from-topic", "_wavequeue_holds_abort");
        }

        @Test
        void shouldDocumentExitCodesWhenHelpIsAsked() {
            assertThat(shell.run("--help")).isZero();
            assertThat(shell.out())
                    .contains("Exit codes:")
                    .contains("nothing answers")
                    .contains("WAVEQUEUE_API_KEY");
        }
    }

    @Nested
    class Answers {

        @Test
        void shouldPrintBytesUnchangedWhenJsonIsAsked() {
            String odd = "{ \"tier\" : \"ultra\",\n  \"balance\": 1.100 , \"x\":\"\u00e9\" }";
            api.reply("/v1/account", 200, odd);
            assertThat(shell.run("account", "--json", "--api", api.address())).isZero();
            assertThat(shell.out()).isEqualTo(odd + "\n");
        }

        @Test
        void shouldOutlineAccountWhenTextIsAsked() {
            api.reply("/v1/account", 200, "{\"tier\":\"ultra\",\"limits\":{\"in_flight\":10},\"budget\":null}");
            assertThat(shell.run("account", "--api", api.address())).isZero();
            assertThat(shell.out()).isEqualTo("tier    ultra\nlimits\n  in_flight  10\n");
        }

        @Test
        void shouldShowJobWhenAsked() {
            api.reply("/v1/jobs/0198f7a0-0000-7000-8000-00000000000a", 200, JOB);
            assertThat(shell.run("status", "0198f7a0-0000-7000-8000-00000000000a", "--api", api.address()))
                    .isZero();
            assertThat(shell.out().lines())
                    .containsExactly(
                            "job        0198f7a0-0000-7000-8000-00000000000a",
                            "reference  music/menu",
                            "model      stability-ai/stable-audio-3/music",
                            "lane       bulk",
                            "status     held (budget)",
                            "reason     rate_limited: wait [31m",
                            "cost       estimated $0.0217, charged $0.0217, refunded unknown",
                            "times      queued 0.01 s, total 2.35 s",
                            "replays    replayed 1 time, same error",
                            "replay 1   2026-11-21T02:00:00Z, after rate_limited: wait, with another input than before",
                            "attempt 1  failed, prediction p1, charged $0.0217, provider_error: boom",
                            "output     a/b.wav, 12 bytes, sha256 cafe");
        }

        @Test
        void shouldKeepSlashesOfModelWhenOneIsAsked() {
            api.reply("/v1/models/a/b%20c", 200, "{\"model\":\"a/b c\"}");
            assertThat(shell.run("models", "a/b c", "--api", api.address())).isZero();
            assertThat(shell.out()).contains("a/b c");
        }

        @Test
        void shouldListModelsWithPricesWhenNoneIsNamed() {
            api.reply(
                    "/v1/models",
                    200,
                    "{\"items\":[{\"model\":\"x/music\",\"title\":\"Music\",\"price\":{\"usd\":0.0217,\"per\":\"run\"}}]}");
            assertThat(shell.run("models", "--api", api.address())).isZero();
            assertThat(shell.out()).contains("x/music  0.0217 run  Music");
        }

        @Test
        void shouldSumCostsByGroupWhenAsked() {
            api.reply("/v1/costs?group_by=label%3Ademo", 200, """
                    {"items":[{"key":"r1","jobs":2,"estimated_usd":0.0434,"charged_usd":0.0434,"refunded_usd":0}],
                     "total":{"jobs":2,"estimated_usd":0.0434,"charged_usd":null,"refunded_usd":0}}""");
            assertThat(shell.run("cost", "--by", "label:demo", "--api", api.address()))
                    .isZero();
            assertThat(shell.out().lines())
                    .contains("r1             2       0.043400     0.043400      0.000000")
                    .contains("total          2       0.043400            -      0.000000");
        }

        @Test
        void shouldSendKeyAndUseAddressWhenTheEnvironmentNamesThem() {
            api.reply("/v1/account", 200, "{}");
            int code = shell.run(
                    Map.of("WAVEQUEUE_API_URL", api.address() + "/", "WAVEQUEUE_API_KEY", "s3cret"), "account");
            assertThat(code).isZero();
            assertThat(api.requests("GET /v1/account").getFirst().headers())
                    .containsEntry("authorization", "Bearer s3cret");
        }
    }

    @Nested
    class Trouble {

        @Test
        void shouldShowTitleAndEveryFieldWhenApiAnswersProblem() {
            api.reply("/v1/models/x", 422, """
                    {"title":"Invalid input","status":422,"detail":"2 fields","errors":[
                      {"field":"input.duration","message":"at most 120"},
                      {"line":7,"field":"model","message":"unknown"}]}""");
            assertThat(shell.run("models", "x", "--api", api.address())).isEqualTo(ExitCode.REFUSED);
            assertThat(shell.err()).isEqualTo("""
                            wavequeue: Invalid input (HTTP 422)
                              2 fields
                              input.duration: at most 120
                              line 7: model: unknown
                            """);
        }

        @Test
        void shouldExit4WhenAnswerIsNoJsonOrNoProblem() {
            api.reply("/v1/account", 200, "<html>");
            api.reply("/v1/models", 401, "<html>");
            assertThat(shell.run("account", "--api", api.address())).isEqualTo(ExitCode.REFUSED);
            assertThat(shell.run("models", "--api", api.address())).isEqualTo(ExitCode.REFUSED);
            assertThat(shell.err()).contains("is no JSON").contains("WAVEQUEUE_API_KEY");
        }

        @Test
        void shouldTryAgainWhenApiIsNotAvailableForAMoment() {
            api.beUnavailable("/v1/account", 2);
            api.reply("/v1/account", 200, "{\"tier\":\"gold\"}");
            assertThat(shell.run("account", "--api", api.address())).isZero();
            assertThat(api.requests("GET /v1/account")).hasSize(3);
            assertThat(shell.time().waits()).hasSize(2);
        }

        @Test
        void shouldWaitAsLongAsTheApiWantsWhenItIsBusyForAMoment() {
            api.beUnavailable("/v1/account", 3);
            api.wantRetryAfter("2");
            api.reply("/v1/account", 200, "{}");
            assertThat(shell.run("account", "--api", api.address())).isZero();
            api.beUnavailable("/v1/account", 1);
            api.wantRetryAfter("3600");
            assertThat(shell.run("account", "--api", api.address())).isZero();
            Duration wished = Duration.ofSeconds(2);
            assertThat(shell.time().waits()).containsExactly(wished, wished, wished, Duration.ofSeconds(5));
        }

        @Test
        void shouldSayHowToStartWhenNothingListens() throws IOException {
            int port = freePort();
            assertThat(shell.run("account", "--api", "http://127.0.0.1:" + port))
                    .isEqualTo(ExitCode.UNREACHABLE);
            assertThat(shell.err())
                    .isEqualTo("wavequeue: no Wavequeue API answers at http://127.0.0.1:" + port
                            + " (connection refused): start it with `./wavequeue up`, or name another with --api.\n");
        }

        private static int freePort() throws IOException {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            }
        }
    }
}
