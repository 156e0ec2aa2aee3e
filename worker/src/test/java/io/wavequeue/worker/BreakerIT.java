package io.wavequeue.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.wavequeue.simulator.Simulator;
import io.wavequeue.simulator.fault.FaultAction.Answer;
import io.wavequeue.simulator.fault.FaultPhase;
import io.wavequeue.simulator.fault.FaultRule;
import io.wavequeue.store.AccountStore;
import io.wavequeue.test.ServersResource;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a provider that is away costs in doubtful submits, and how the backlog comes back. */
@QuarkusTest
@QuarkusTestResource(value = ServersResource.class, initArgs = @ResourceArg(name = "kafka", value = "true"))
@QuarkusTestResource(SimulatorResource.class)
@TestProfile(BreakerIT.Impatient.class)
class BreakerIT {
    /** Models that no other test here has had an answer from: their submits begin with the threshold. */
    private static final String FIRST = "stability-ai/stable-audio-3/audio-to-audio";

    private static final String SECOND = "stability-ai/stable-audio-3/audio-outpainting";
    private static final String THIRD = "stability-ai/stable-audio-3/audio-inpainting";
    private static final Map<String, BigDecimal> PRICES = Map.of(
            FIRST, new BigDecimal("0.024000"), SECOND, new BigDecimal("0.044600"), THIRD, new BigDecimal("0.044200"));
    private static final int THRESHOLD = 5;
    private static final double PROBE_SECONDS = 0.3;

    @Inject
    Jobs jobs;

    @Inject
    AccountStore accounts;

    @Inject
    MeterRegistry metrics;

    Simulator simulator;

    /** Probes within fractions of a second instead of 10 s and more. */
    public static final class Impatient implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "wavequeue.worker.breaker.threshold",
                    String.valueOf(THRESHOLD),
                    "wavequeue.worker.breaker.probe-first",
                    PROBE_SECONDS + "S",
                    "wavequeue.worker.breaker.probe-longest",
                    "0.6S",
                    "wavequeue.worker.balance-every",
                    "0.1S");
        }
    }

    @BeforeEach
    void fresh() {
        simulator.reset();
        simulator.set("balance", "1000");
        jobs.deleteAll();
        jobs.execute("delete from submit_window");
        jobs.execute("delete from budget_day");
        jobs.execute("update account set daily_budget_usd = null, tier = 'custom', submits_per_minute = 100000,"
                + " max_in_flight = 10000");
        accounts.resume();
    }

    @AfterEach
    void heal() {
        simulator.clearFaults();
        simulator.set("balance", "1000");
        accounts.resume();
    }

    private static FaultRule always(int status) {
        return FaultRule.once(FaultPhase.BEFORE_ACCEPT, Answer.of(status)).rate(1.0);
    }

    private void clips(int count, String model) {
        String more = model.equals(SECOND) ? ",\"extend_seconds_after\":2.0" : "";
        jobs.inBulk(
                model,
                PRICES.get(model),
                IntStream.range(0, count)
                        .mapToObj(i -> "{\"prompt\":\"clip " + i + "\",\"audio\":\"https://media.example.com/a.mp3\""
                                + more + "}")
                        .toList());
    }

    private boolean isOpen(String scope) {
        return !jobs.rows("select 1 from breaker where scope = ? and opened_at is not null", scope)
                .isEmpty();
    }

    private long breakers() {
        return (Long) jobs.row("select count(*) as breakers from breaker").get("breakers");
    }

    /** When the first breaker opened. */
    private Object opened() {
        return jobs.row("select min(opened_at) as at from breaker").get("at");
    }

    /** Probes that fit into the time since then. */
    private int probesSince(Object opened) {
        Number seconds =
                (Number) jobs.row("select extract(epoch from clock_timestamp() - ?::timestamptz)::float8 as s", opened)
                        .get("s");
        return (int) (seconds.doubleValue() / PROBE_SECONDS) + 1;
    }

    private long uncertainOf(String model) {
        return (Long) jobs.row("select count(*) from job where status = 'uncertain' and model = ?", model)
                .get("count");
    }

    private void assertLedgerEqualsOurs() {
        assertThat(jobs.chargedUsd()).isEqualByComparingTo(simulator.totals().chargedUsd());
    }

    @Test
    void shouldLeaveFewDoubtfulSubmitsInAnOutageHoweverLongTheBacklog() {
        simulator.order(always(500));
        clips(1_000, FIRST);
        clips(1_000, SECOND);

        Awaiting.until("the account's breaker to open", () -> isOpen("*"));
        long before = simulator.stats().submitsReceived();
        Awaiting.until("six probes", () -> simulator.stats().submitsReceived() >= before + 6);
        Awaiting.until(
                "the gauge to show it",
                () -> metrics.get("wavequeue.breaker.open").gauge().value() == 3);
        Object opened = opened();
        simulator.clearFaults();
        int probes = probesSince(opened);

        Awaiting.until("the breakers to close", () -> breakers() == 0);
        Awaiting.until("all to end", () -> jobs.count("succeeded") + jobs.count("uncertain") == 2_000);
        long uncertain = jobs.count("uncertain");
        System.out.printf(
                "outage over a backlog of 2000 jobs of two models: %d uncertain; allowed %d + %d%n",
                uncertain, 2 * THRESHOLD, probes + 1);
        // The threshold for each model, and one more probe that may have begun before the faults were cleared.
        assertThat(uncertain).isLessThanOrEqualTo(2L * THRESHOLD + probes + 1);
        assertThat(simulator.stats().submitsReceived()).as("one POST per job").isEqualTo(2_000);
        assertThat(simulator.totals().accepted()).isEqualTo(2_000 - uncertain);
        assertLedgerEqualsOurs();
    }

    @Test
    void shouldLetTheOtherModelGoOnWhenOneIsAway() {
        simulator.order(always(503).model(THIRD));
        clips(1_000, THIRD);
        jobs.musicInBulk(1_000);

        jobs.await(1_000, "succeeded");

        assertThat(isOpen(THIRD)).isTrue();
        assertThat(isOpen("*")).isFalse();
        assertThat(uncertainOf(THIRD)).isLessThanOrEqualTo(THRESHOLD + probesSince(opened()));
        assertThat(uncertainOf(Jobs.MUSIC)).isZero();
        simulator.clearFaults();
        Awaiting.until("all to end", () -> jobs.count("succeeded") + jobs.count("uncertain") == 2_000);
        assertThat(breakers()).isZero();
        assertLedgerEqualsOurs();
    }

    @Test
    void shouldNotBlockOthersWhenOneJobAlwaysFails() {
        simulator.order(always(500).contains("poison"));
        UUID poison = jobs.music("poison");
        jobs.await(poison, "uncertain");

        jobs.musicInBulk(300);

        jobs.await(300, "succeeded");
        assertThat(jobs.count("uncertain")).isEqualTo(1);
        Awaiting.until("the failure to be forgotten", () -> breakers() == 0);
    }

    @Test
    void shouldProbePastJobsThatAlwaysFail() {
        simulator.order(always(500).contains("poison"));
        jobs.inBulk(
                Jobs.MUSIC,
                Jobs.MUSIC_PRICE,
                IntStream.range(0, THRESHOLD + 2)
                        .mapToObj(i -> "{\"prompt\":\"poison " + i + "\"}")
                        .toList());
        Awaiting.until("the breaker to open", () -> isOpen(Jobs.MUSIC));

        jobs.musicInBulk(300);

        jobs.await(300, "succeeded");
        jobs.await(THRESHOLD + 2, "uncertain");
    }

    @Test
    void shouldBurnNothingWhenNoConnectionCanBeHad() {
        simulator.goOut();
        jobs.musicInBulk(200);
        Awaiting.until("the breaker to open", () -> isOpen(Jobs.MUSIC));
        Awaiting.until(
                "a probe",
                () -> (Integer) jobs.row("select failures from breaker").get("failures") > THRESHOLD + 1);

        simulator.comeBack();

        jobs.await(200, "succeeded");
        assertThat(simulator.stats().submitsReceived()).isEqualTo(200);
        assertThat(jobs.row("select count(*) from attempt").get("count")).isEqualTo(200L);
        assertThat(breakers()).isZero();
        assertLedgerEqualsOurs();
    }

    @Test
    void shouldAskForCreditWithOneJobAtATimeAndResumeByItself() {
        simulator.order(always(402));
        UUID first = jobs.music("no credit");
        jobs.await(first, "held");
        jobs.musicInBulk(20);
        jobs.await(21, "held");

        Awaiting.until("three probes", () -> simulator.stats().submitsReceived() >= 4);
        AtomicReference<Map<String, Object>> seen = new AtomicReference<>(Map.of());
        Awaiting.until("a moment at which every probe is counted", () -> {
            seen.set(jobs.row("select * from breaker"));
            return ((Integer) seen.get().get("failures")).longValue()
                    == simulator.stats().submitsReceived();
        });
        Map<String, Object> breaker = seen.get();
        // Only a probe that fails doubles the wait: had two gone at once, there would be more POSTs than doublings.
        int failures = (Integer) breaker.get("failures");
        assertThat(breaker)
                .containsEntry("scope", "*")
                .containsEntry("cause", "out_of_credits")
                .containsEntry("probe_wait_ms", (long) (PROBE_SECONDS * 1_000) << (failures - 1));
        assertThat(jobs.count("held")).isGreaterThanOrEqualTo(20);

        simulator.clearFaults();
        simulator.set("balance", "2000");

        jobs.await(21, "succeeded");
        assertThat(breakers()).isZero();
        assertThat(simulator.totals().accepted()).isEqualTo(21);
        assertLedgerEqualsOurs();
    }

    @Test
    void shouldNotAskForCreditBeforeTheBalanceCoversTheCheapest() {
        simulator.set("balance", "0.02");
        UUID job = jobs.music("too dear");
        jobs.await(job, "held");
        long asked = simulator.stats().requests().getOrDefault("balance", 0L);
        Awaiting.until(
                "the balance to be asked ten times",
                () -> simulator.stats().requests().getOrDefault("balance", 0L) >= asked + 10);
        assertThat(simulator.stats().submitsReceived()).isEqualTo(1);

        simulator.set("balance", "0.0217");

        jobs.await(job, "succeeded");
        assertThat(simulator.stats().submitsReceived()).isEqualTo(2);
        assertLedgerEqualsOurs();
    }

    @Test
    void shouldSoundTheAlarmWhenTheKeyIsRefused() {
        simulator.order(always(401));
        UUID job = jobs.music("refused key");
        jobs.await(job, "held");

        Awaiting.until(
                "the gauge to show it",
                () -> metrics.get("wavequeue.account.held")
                                .tag("reason", "unauthorized")
                                .gauge()
                                .value()
                        == 1);
        assertThat(jobs.row("select hold_message from account").get("hold_message"))
                .asString()
                .contains("WAVESPEED_API_KEY");
        assertThat(breakers()).isZero();
        assertThat(simulator.stats().submitsReceived())
                .as("nothing asks again by itself")
                .isEqualTo(1);
    }
}
