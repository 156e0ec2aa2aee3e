package io.wavequeue.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.simulator.conformance.Conformance;
import io.wavequeue.simulator.conformance.Pace;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConformanceIT {
    private static final String KEY = "a-key-that-nobody-may-see";

    private final MovableClock clock = new MovableClock();
    private final Simulator simulator =
            Simulator.start(SimulatorConfig.defaults().with("key", KEY).withLatency("fixed:3000"), clock);
    private final TestClient client = new TestClient(simulator, KEY);
    private final Map<String, String> environment =
            new HashMap<>(Map.of("WAVESPEED_BASE_URL", simulator.baseUrl() + "/", "WAVESPEED_API_KEY", KEY));
    private final Pace pace = new Pace() {
        @Override
        public Instant now() {
            return clock.instant();
        }

        @Override
        public void pause(Duration time) {
            clock.advance(time);
        }
    };

    /** What the command printed, and how it ended. */
    private record Ran(int code, String out, String err) {
        JsonNode json() {
            return TestClient.read(out);
        }

        List<JsonNode> checks(String result) {
            List<JsonNode> checks = new ArrayList<>();
            json().path("checks").forEach(checks::add);
            checks.removeIf(check -> !check.path("result").asText().equals(result));
            return checks;
        }

        /** The answers to an open question. */
        List<String> answers(int question) {
            List<String> answers = new ArrayList<>();
            json().at("/questions/" + (question - 1) + "/answers").forEach(answer -> answers.add(answer.asText()));
            return answers;
        }
    }

    @AfterEach
    void close() {
        client.close();
        simulator.close();
    }

    @Nested
    final class Free {

        @Test
        void shouldPassAndSubmitNothing() throws InterruptedException {
            client.submitSong();
            Ran ran = run("--json");
            assertThat(ran.checks("failed")).isEmpty();
            assertThat(ran.code()).isEqualTo(Conformance.GOOD);
            assertThat(ran.answers(1)).containsExactly("yes, as input");
            assertThat(ran.answers(4))
                    .containsExactly(
                            "quoted 0.00208 USD for 10.4 s after 20.3 s is the extension alone, to the fraction");
            assertThat(ran.answers(8)).containsExactly("yes");
            assertThat(simulator.stats().submitsReceived()).isEqualTo(1);
        }

        @Test
        void shouldTellTheOtherSideOfAConflict() throws InterruptedException {
            client.submitSong();
            simulator.set("history_input", "false");
            simulator.set("history_total", "false");
            simulator.set("ace_step_basis", "output");
            Ran ran = run("--json");
            assertThat(ran.checks("failed")).isEmpty();
            assertThat(ran.answers(1)).singleElement().asString().startsWith("no: its fields are id, ");
            assertThat(ran.answers(4)).singleElement().asString().endsWith("is the whole output, to the fraction");
            assertThat(ran.answers(8)).containsExactly("no");
        }

        @Test
        void shouldSkipNothingWhenThereIsSomethingToLookAt() throws InterruptedException {
            client.submitSong();
            assertThat(run("--json").checks("skipped"))
                    .extracting(check -> check.path("name").asText())
                    .containsExactly("429 among all answers");
        }

        @ParameterizedTest
        @CsvSource({"any, accepted, accepted", "iso, accepted, refused", "epoch, refused, accepted"})
        void shouldTellWhichTimesTheBillingSearchTakes(String setting, String iso, String epoch)
                throws InterruptedException {
            client.submitSong();
            simulator.set("billing_time", setting);
            assertThat(run("--json").answers(9))
                    .singleElement()
                    .asString()
                    .matches("ISO-8601: " + iso + ", .*; epoch milliseconds: " + epoch + ", .*");
        }

        @Test
        void shouldNeverShowTheWebhookSecret() throws InterruptedException {
            String secret =
                    client.get("/api/v3/webhook/secret").data().path("secret").asText();
            Ran ran = run("--json");
            assertThat(ran.answers(10)).singleElement().asString().startsWith("whsec_ and ");
            assertThat(ran.out()).doesNotContain(secret).doesNotContain(secret.substring("whsec_".length()));
        }

        @Test
        void shouldPrintALineForEachCheckAndTheQuestions() throws InterruptedException {
            Ran ran = run();
            assertThat(ran.code()).isEqualTo(Conformance.GOOD);
            assertThat(ran.out())
                    .containsPattern("(?m)^ok +free +balance +1000 USD$")
                    .containsPattern("(?m)^skipped +free +Q1 +history: input +the history is empty$")
                    .contains("11. In which order are inputs, balance and limit checked?\n    not asked: it takes ");
            assertThat(ran.out().lines().filter(line -> line.matches("(ok|FAILED|answer|skipped) +free .*")))
                    .hasSize(21);
        }

        @Test
        void shouldTakeAPlaceholderForAKeyElsewhere() throws InterruptedException {
            environment.remove("WAVESPEED_API_KEY");
            simulator.set("key", "");
            Ran ran = run("--json");
            assertThat(ran.code()).isEqualTo(Conformance.GOOD);
            assertThat(ran.checks("skipped"))
                    .anyMatch(check ->
                            check.path("text").asText().equals("no key was given, and this server lets every key in"));
        }

        @Test
        void shouldFailEveryCheckThatGetsNonsense() throws InterruptedException {
            order("{'phase':'before_accept','endpoint':'any','action':'html','status':500,'rate':1}");
            assertBroken(run("--json"));
        }

        @Test
        void shouldFailEveryCheckThatGetsNoAnswer() throws InterruptedException {
            order("{'phase':'before_accept','endpoint':'any','action':'reset','rate':1}");
            assertBroken(run("--json"));
        }

        private void assertBroken(Ran ran) {
            assertThat(ran.code()).isEqualTo(Conformance.FAILED);
            // its answer comes before any fault
            assertThat(ran.checks("ok"))
                    .allMatch(check -> check.path("name").asText().equals("a wrong key is refused"));
            assertThat(ran.checks("answer")).isEmpty();
            assertThat(ran.checks("failed")).hasSizeGreaterThanOrEqualTo(18);
            assertThat(ran.json().path("passed").asBoolean()).isFalse();
        }
    }

    @Nested
    final class Paid {

        @Test
        void shouldPassAndSubmitFourTimesOfWhichTwoAreCharged() throws InterruptedException {
            simulator.set("submits_per_minute", "2");
            Ran ran = run("--paid", "--json");
            assertThat(ran.err())
                    .startsWith("The paid checks cost at most 0.0498 USD at " + simulator.baseUrl() + "; the cap is");
            assertThat(ran.checks("failed")).isEmpty();
            assertThat(ran.code()).isEqualTo(Conformance.GOOD);
            assertThat(simulator.stats().submitsReceived()).isEqualTo(4);
            assertThat(simulator.ledger().entries())
                    .extracting(entry -> entry.model())
                    .containsExactly(TestClient.MUSIC, TestClient.ACE_STEP);
            assertThat(ran.json().path("spent_usd").decimalValue())
                    .isEqualByComparingTo(simulator.totals().chargedUsd())
                    .isEqualByComparingTo("0.02378");
            assertThat(ran.answers(1)).containsExactly("yes, as input");
            assertThat(ran.answers(2)).containsExactly("listed between 0 and 0 s after the submit's answer");
            assertThat(ran.answers(4))
                    .hasSize(2)
                    .allMatch(answer -> answer.contains(" is the extension alone, to the fraction"));
            assertThat(ran.answers(7)).singleElement().asString().startsWith("created; outputs 0, urls.get ends in ");
        }

        @Test
        void shouldTellTheOtherSideOfAConflict() throws InterruptedException {
            simulator.set("history_input", "false");
            simulator.set("history_lag", "5s");
            simulator.set("ace_step_basis", "output");
            Ran ran = run("--paid", "--json");
            assertThat(ran.checks("failed")).isEmpty();
            assertThat(ran.answers(1)).singleElement().asString().startsWith("no: its fields are ");
            assertThat(ran.answers(2)).containsExactly("listed between 4 and 6 s after the submit's answer");
            assertThat(ran.answers(4)).last().asString().contains("charged 0.00614 USD", "the whole output, to the");
        }

        @Test
        void shouldReadTheBill() throws InterruptedException {
            simulator.set("submit_status", "processing");
            simulator.set("discount_percent", "10");
            simulator.set("ace_step_rounding", "ceil");
            Ran ran = run("--paid", "--json");
            assertThat(ran.checks("failed")).isEmpty();
            assertThat(ran.answers(7)).singleElement().asString().startsWith("processing; ");
            assertThat(ran.answers(4))
                    .last()
                    .asString()
                    .isEqualTo(
                            "charged 0.00198 USD for 10.4 s after 20.3 s is the extension alone, rounded up, by the bill");
            assertThat(ran.checks("answer"))
                    .anyMatch(check -> check.path("text").asText().equals("deduct of 0.01953 USD, order pre"));
            assertThat(ran.checks("ok"))
                    .anyMatch(check -> check.path("text").asText().equals("deduct of 0.01953 USD, order done"));
        }

        @Test
        void shouldSendNothingWhenTheCapIsTooSmall() throws InterruptedException {
            Ran ran = run("--paid", "--max-usd", "0.0497");
            assertThat(ran.code()).isEqualTo(Conformance.USAGE);
            assertThat(ran.err())
                    .isEqualTo("conformance: 0.0498 USD is more than --max-usd allows; nothing was sent\n");
            assertThat(simulator.stats().requests()).isEmpty();
        }

        @Test
        void shouldSubmitNothingWhenTheBalanceIsTooSmall() throws InterruptedException {
            simulator.set("balance", "0.04");
            Ran ran = run("--paid");
            assertThat(ran.code()).isEqualTo(Conformance.USAGE);
            assertThat(ran.err()).contains("the balance of 0.04 USD does not cover 0.0498 USD");
            assertThat(simulator.stats().submitsReceived()).isZero();
        }

        @Test
        void shouldSubmitNothingMoreAfterALostAnswer() throws InterruptedException {
            order("{'phase':'after_accept','action':'drop'}");
            Ran ran = run("--paid", "--json");
            assertThat(ran.code()).isEqualTo(Conformance.FAILED);
            assertThat(ran.checks("failed")).singleElement().satisfies(check -> {
                assertThat(check.path("name").asText()).isEqualTo("submit 1 s of music");
                assertThat(check.path("seen").asText()).endsWith("; it may be charged");
            });
            assertThat(simulator.totals().accepted()).isEqualTo(1);
            assertThat(simulator.stats().submitsReceived()).isEqualTo(3);
        }

        @ParameterizedTest
        @ValueSource(strings = {"'action':'price','factor':3", "'action':'twice'"})
        void shouldSubmitNothingMoreAfterAChargeAboveTheQuote(String charge) throws InterruptedException {
            order("{'phase':'charge'," + charge + "}");
            Ran ran = run("--paid", "--json");
            assertThat(ran.checks("failed"))
                    .extracting(check -> check.path("name").asText())
                    .containsExactly("its billing row afterwards");
            assertThat(ran.checks("skipped"))
                    .anyMatch(check -> check.path("name").asText().equals("ACE-Step outpaint")
                            && check.path("text").asText().endsWith(", more than its quote"));
            assertThat(simulator.totals().accepted()).isEqualTo(1);
            assertThat(ran.json().path("spent_usd").decimalValue())
                    .isEqualByComparingTo(simulator.totals().chargedUsd());
        }

        @Test
        void shouldSubmitNothingMoreWhenAnUnknownModelIsNotRefused() throws InterruptedException {
            order("{'phase':'after_accept','action':'drop','model':'" + TestClient.MUSIC + "'}");
            order("{'phase':'before_accept','action':'status','status':503,"
                    + "'model':'stability-ai/stable-audio-3/no-such-model'}");
            Ran ran = run("--paid", "--json");
            assertThat(ran.checks("failed"))
                    .extracting(check -> check.path("name").asText())
                    .containsExactly("submit to a model that is none");
            assertThat(simulator.stats().submitsReceived()).isEqualTo(1);
            assertThat(simulator.totals().accepted()).isZero();
        }

        @Test
        void shouldTellWhatIsFree() throws InterruptedException {
            simulator.set("discount_percent", "100");
            Ran ran = run("--paid", "--json");
            assertThat(ran.checks("failed")).isEmpty();
            assertThat(ran.answers(4))
                    .last()
                    .asString()
                    .isEqualTo("charged 0 USD for 10.4 s after 20.3 s is free of charge, by the bill");
            assertThat(simulator.totals().accepted()).isEqualTo(2);
        }

        @Test
        void shouldTellWhenAPredictionFails() throws InterruptedException {
            order("{'phase':'prediction','action':'fail','code':5000,'times':2}");
            Ran ran = run("--paid", "--json");
            assertThat(ran.checks("failed"))
                    .extracting(check -> check.path("name").asText())
                    .containsExactly("its end", "ACE-Step outpaint");
        }

        @Test
        void shouldAskBeforeItPaysElsewhere() throws InterruptedException {
            Ran ran = run("--paid", "--base-url", "https://other.invalid");
            assertThat(ran.code()).isEqualTo(Conformance.USAGE);
            assertThat(ran.out()).startsWith("The paid checks cost at most 0.0498 USD at https://other.invalid;");
            assertThat(ran.err()).contains("paying needs --yes");
        }
    }

    @Nested
    final class Usage {

        @Test
        void shouldNeedAKeyForTheRealService() throws InterruptedException {
            environment.clear();
            Ran ran = run();
            assertThat(ran.code()).isEqualTo(Conformance.USAGE);
            assertThat(ran.err())
                    .isEqualTo("conformance: the real service needs a key in WAVESPEED_API_KEY; nothing was sent\n");
        }

        @ParameterizedTest
        @CsvSource({"--pay,", "--max-usd,", "--max-usd=1,", "--max-usd, -1", "--max-usd, x", "--base-url, ftp://x"})
        void shouldSayWhatIsWrong(String option, String value) throws InterruptedException {
            Ran ran = value == null ? run(option) : run(option, value);
            assertThat(ran.code()).isEqualTo(Conformance.USAGE);
            assertThat(ran.err()).startsWith("conformance: ").contains(option);
            assertThat(simulator.stats().requests()).isEmpty();
        }

        @Test
        void shouldSendAKeyOnlyOverHttpsOrToThisMachine() throws InterruptedException {
            Ran ran = run("--base-url", "http://other.invalid");
            assertThat(ran.code()).isEqualTo(Conformance.USAGE);
            assertThat(ran.err()).contains("must begin with https://", "nothing was sent");
        }

        @Test
        void shouldRefuseAKeyThatIsNoneWithoutShowingIt() throws InterruptedException {
            environment.put("WAVESPEED_API_KEY", "half of\na key");
            Ran ran = run();
            assertThat(ran.code()).isEqualTo(Conformance.USAGE);
            assertThat(ran.err()).contains("WAVESPEED_API_KEY").doesNotContain("half of");
        }
    }

    /** Nobody is there to consent. */
    private Ran run(String... arguments) throws InterruptedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Conformance conformance = new Conformance(environment, print(out), print(err), () -> false, pace);
        int code = conformance.run(List.of(arguments));
        Ran ran = new Ran(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        assertThat(ran.out() + ran.err()).doesNotContain(KEY);
        return ran;
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private void order(String fault) {
        assertThat(client.order(fault.replace('\'', '"')).status()).isEqualTo(200);
    }
}
