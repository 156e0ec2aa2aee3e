package io.wavequeue.simulator.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.simulator.Simulator;
import io.wavequeue.simulator.SimulatorConfig;
import io.wavequeue.simulator.conformance.Purse.Payment;
import io.wavequeue.simulator.fault.FaultAction;
import io.wavequeue.simulator.fault.FaultPhase;
import io.wavequeue.simulator.fault.FaultRule;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class PurseIT {
    private static final Pace NO_WAITING = new Pace() {
        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public void pause(Duration time) {}
    };

    private final Simulator simulator = Simulator.start(SimulatorConfig.defaults());
    private final Probe probe = new Probe(simulator.baseUrl(), "any", NO_WAITING);
    private final Purse purse = new Purse(new BigDecimal("0.04"));

    @AfterEach
    void close() {
        probe.close();
        simulator.close();
    }

    @Test
    void shouldStopBeforeTheCap() throws Exception {
        assertThat(buy("one")).isInstanceOf(Payment.Accepted.class);
        assertThat(buy("two"))
                .isEqualTo(new Payment.NotSent("not sent: 0.0217 USD more would exceed the cap of 0.04 USD"));
        assertThat(simulator.stats().submitsReceived()).isEqualTo(1);
        assertThat(purse.spent())
                .isEqualByComparingTo(simulator.totals().chargedUsd())
                .isEqualByComparingTo("0.021700");
    }

    @Test
    void shouldNotCountARefusal() throws Exception {
        assertThat(buy("")).isInstanceOf(Payment.Refused.class);
        assertThat(purse.spent()).isZero();
    }

    @Test
    void shouldCountWhatMayBeChargedAndStop() throws Exception {
        simulator.order(FaultRule.once(FaultPhase.AFTER_ACCEPT, new FaultAction.Drop(false)));
        assertThat(buy("one")).isInstanceOf(Payment.Unknown.class);
        assertThat(buy("two")).isInstanceOf(Payment.NotSent.class);
        assertThat(simulator.stats().submitsReceived()).isEqualTo(1);
        assertThat(purse.spent()).isEqualByComparingTo("0.0217");
    }

    @Test
    void shouldNotSendWhatIsNotQuoted() throws Exception {
        simulator.order(FaultRule.once(FaultPhase.BEFORE_ACCEPT, FaultAction.Answer.of(503))
                .endpoint("price"));
        assertThat(buy("one")).isEqualTo(new Payment.NotSent("not sent: the service does not quote it"));
        assertThat(simulator.stats().submitsReceived()).isZero();
    }

    @Test
    void shouldCountAChargeAboveTheQuoteOnceAndStop() throws Exception {
        Payment.Accepted accepted = (Payment.Accepted) buy("one");
        purse.charged(accepted.id(), new BigDecimal("0.0217"));
        assertThat(purse.spent()).isEqualByComparingTo("0.0217");
        purse.charged(accepted.id(), new BigDecimal("0.0218"));
        purse.charged(accepted.id(), new BigDecimal("0.0218"));
        assertThat(purse.spent()).isEqualByComparingTo("0.0218");
        assertThat(buy("two"))
                .isEqualTo(
                        new Payment.NotSent("not sent: an earlier submit was charged 0.0218 USD, more than its quote"));
    }

    @Test
    void shouldStopWhenWhatNobodyQuotedIsAccepted() throws Exception {
        assertThat(purse.unquoted(probe, "stability-ai/none", Json.object())).isInstanceOf(Payment.Refused.class);
        assertThat(buy("one")).isInstanceOf(Payment.Accepted.class);
        assertThat(purse.unquoted(probe, FreeChecks.MUSIC, Json.object().put("prompt", "two")))
                .isInstanceOf(Payment.Accepted.class);
        assertThat(buy("three")).isInstanceOf(Payment.NotSent.class);
        assertThat(simulator.totals().accepted()).isEqualTo(2);
    }

    @Test
    void shouldSetTheHigherPriceAside() {
        assertThat(new Purse.Price(new BigDecimal("1"), new BigDecimal("2")).most())
                .isEqualByComparingTo("2");
    }

    @Test
    void shouldFailACheckThatBreaks() throws Exception {
        Check broken = Check.free("broken", answer -> {
            throw new IllegalStateException("a text that may hold the key");
        });
        assertThat(Conformance.result(broken, probe))
                .isEqualTo(new Result.Failed("an answer that can be judged", "a IllegalStateException over it"));
    }

    private Payment buy(String prompt) throws NoAnswerException, InterruptedException {
        return purse.submit(
                probe,
                FreeChecks.MUSIC,
                prompt.isEmpty() ? Json.object() : Json.object().put("prompt", prompt));
    }
}
