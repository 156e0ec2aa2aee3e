package io.wavequeue.cli;

import static io.wavequeue.cli.FakeBulk.ID;
import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.cli.FakeApi.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What failed, in groups, and what is suggested about it. */
class FailuresIT extends AtFakeApi {

    private static final String JOB = "0198f7a0-0000-7000-8000-00000000000a";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            provider_error       | true  | 0 | 0 | ''
            provider_error       | true  | 2 | 2 | ''
            provider_error       | true  | 3 | 0 | ' --set FIELD=VALUE'
            moderated            | false | 0 | 0 | ' --set FIELD=VALUE'
            provider_error       | true  | 0 | 3 | ' --force parked'
            provider_error       | true  | 3 | 3 | ' --force parked --set FIELD=VALUE'
            moderated            | false | 0 | 3 | ' --force parked --set FIELD=VALUE'
            uncertain_submission | false | 0 | 0 | ' --force may_be_charged'
            uncertain_submission | false | 3 | 3 | ' --force may_be_charged --force parked'
            """)
    void shouldSuggestWhatTheGroupNeedsWhenItWouldBeLeftAloneOrFailAgain(
            String errorClass, boolean retryable, int same, int parked, String needed) {
        api.rule("GET /v1/failures", _ -> new Reply(200, """
                {"items":[{"fingerprint":"f1","error_class":"%s","retryable":%s,"jobs":3,"same_error":%d,"parked":%d,
                 "first_seen":"2026-11-21T02:14:05Z","last_seen":"2026-11-21T02:14:05Z"}],
                 "total":{"groups":1,"jobs":3}}""".formatted(errorClass, retryable, same, parked)));
        assertThat(run("failures")).isZero();
        assertThat(shell.out()).endsWith("  wavequeue replay --fingerprint f1" + needed + "\n");
    }

    @Test
    void shouldSelectFailuresByReplayGroupAndJobWhenAsked() {
        api.rule("GET /v1/failures", _ -> new Reply(200, "{\"items\":[],\"total\":{}}"));
        assertThat(run("failures", "--replay", ID)).isZero();
        assertThat(run("failures", "--fingerprint", "f1", "--job", "j1", "--job", "j2", "--since", "2026-11-21"))
                .isZero();
        assertThat(api.requests("GET /v1/failures").stream().map(FakeApi.Request::target))
                .containsExactly(
                        "/v1/failures?replay_id=" + ID,
                        "/v1/failures?fingerprint=f1&id=j1&id=j2&created_after=2026-11-20T23%3A59%3A59.999999Z");
    }

    @Test
    void shouldShowGroupsAndHowToReplayOneWhenFailuresAreAsked() {
        api.rule(
                "GET /v1/failures?model=x%2Fmusic&label=scene%3Aforest&limit=1",
                _ -> new Reply(200, """
                {"items":[{"fingerprint":"9f3ab0c1d2e3f405","error_class":"provider_error","model":"x/music",
                 "message":"the provider's worker ended while it made the audio, and it says no more than that: try again later or ask",
                 "retryable":true,"jobs":390,"first_seen":"2026-11-21T02:14:05.123Z","last_seen":"2026-11-21T03:00:00Z",
                 "estimated_usd":8.463,"unknown_price":1,"charged_usd":1.085,"replayed":12,"same_error":12,"parked":2,
                 "note":"12 of 390 were replayed, once: same error","example":{"id":"%s","reference":"door","batch_id":null,"message":"m","failed_at":"x"}}],
                 "total":{"groups":6,"jobs":400,"estimated_usd":8.68,"unknown_price":1,"charged_usd":1.302}}""".formatted(JOB)));
        assertThat(run("failures", "--model", "x/music", "--label", "scene=forest", "--limit", "1"))
                .isZero();
        assertThat(shell.out()).isEqualTo("""
                fingerprint       jobs  error class     model     now USD  paid USD
                -------------------------------------------------------------------
                9f3ab0c1d2e3f405   390  provider_error  x/music  8.463000  1.085000
                  the provider's worker ended while it made the audio, and it says no more than that: try again later or ask
                  2026-11-21T02:14Z to 2026-11-21T03:00Z
                  such as job 0198f7a0-0000-7000-8000-00000000000a, door
                  12 of 390 were replayed, once: same error; 2 parked: replayed as often as they may be
                -------------------------------------------------------------------
                6 groups           400                           8.680000  1.302000
                the price now of 1 job is not known
                5 more; --limit shows them

                Replay a group, after a look at what that costs, with:
                  wavequeue replay --model x/music --label scene=forest --fingerprint 9f3ab0c1d2e3f405
                """);
        shell.withTerminal();
        run("failures", "--model", "x/music", "--label", "scene=forest", "--limit", "1");
        assertThat(shell.out())
                .contains(
                        "  the provider's worker ended while it made the audio, and it says no more than that: try again lat…\n");
    }
}
