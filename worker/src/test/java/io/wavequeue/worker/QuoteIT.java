package io.wavequeue.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.wavequeue.quote.ModelQuote;
import io.wavequeue.quote.PriceQuestions;
import io.wavequeue.quote.Quotes;
import io.wavequeue.simulator.Simulator;
import io.wavequeue.simulator.fault.FaultAction;
import io.wavequeue.simulator.fault.FaultPhase;
import io.wavequeue.simulator.fault.FaultRule;
import io.wavequeue.test.ServersResource;
import io.wavequeue.wiring.WavequeueConfig;
import io.wavequeue.worker.quote.Quoter;
import jakarta.inject.Inject;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a plan hears of the provider's prices, by way of the worker's own loop. */
@QuarkusTest
@QuarkusTestResource(value = ServersResource.class, initArgs = @ResourceArg(name = "kafka", value = "true"))
@QuarkusTestResource(SimulatorResource.class)
class QuoteIT {
    private static final String ACE_STEP = "wavespeed-ai/ace-step/audio-outpaint";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Inject
    Jobs jobs;

    @Inject
    Quotes quotes;

    @Inject
    Quoter quoter;

    @Inject
    WavequeueConfig config;

    Simulator simulator;

    @BeforeEach
    void fresh() {
        jobs.beginAnew(simulator);
        jobs.execute("delete from quote");
    }

    @AfterEach
    void restore() {
        simulator.comeBack();
        simulator.clearFaults();
        simulator.set("price_factor", "1");
        simulator.set("discount_percent", "0");
        simulator.set("ace_step_basis", "extension");
    }

    private PriceQuestions tracks(int count) {
        PriceQuestions gathered = quotes.gather();
        for (int i = 0; i < count; i++) {
            gathered.add(Jobs.MUSIC, "{\"prompt\":\"cue " + i + "\"}", Jobs.MUSIC_PRICE);
        }
        return gathered;
    }

    private ModelQuote ask(PriceQuestions gathered) throws InterruptedException {
        List<ModelQuote> all = quotes.ask(gathered.gathered(), PATIENCE);
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    private long asked() {
        return simulator.stats().requests().getOrDefault("price", 0L);
    }

    private static BigDecimal usd(String usd) {
        return new BigDecimal(usd);
    }

    @Test
    void shouldAskOnceForAllJobsAndNotAgainWhileItIsKept() throws InterruptedException {
        ModelQuote quote = ask(tracks(100));
        ModelQuote again = ask(tracks(3));

        assertThat(quote.catalogueUsd()).isEqualByComparingTo("2.17");
        assertThat(quote.quotedUsd()).isEqualByComparingTo("2.17");
        assertThat(quote.discountedUsd()).isEqualByComparingTo("2.17");
        assertThat(quote.discountPercent()).isEqualByComparingTo("0");
        assertThat(quote.differs()).isFalse();
        assertThat(quote.remarks()).isEmpty();
        assertThat(again.quotedUsd()).isEqualByComparingTo("0.0651");
        assertThat(again.quotedAt()).isEqualTo(quote.quotedAt());
        assertThat(asked()).isEqualTo(1);
        assertThat(simulator.totals().accepted()).as("a question makes no task").isZero();
    }

    @Test
    void shouldShowAPriceThatDriftedAndADiscountAndReserveByTheCatalogue() throws InterruptedException {
        simulator.set("price_factor", "1," + Jobs.MUSIC + "=1.5");
        simulator.set("discount_percent", "20");

        ModelQuote quote = ask(tracks(2));

        assertThat(quote.catalogueUsd()).isEqualByComparingTo("0.0434");
        assertThat(quote.quotedUsd()).isEqualByComparingTo("0.0651");
        assertThat(quote.discountedUsd()).isEqualByComparingTo("0.05208");
        assertThat(quote.discountPercent()).isEqualByComparingTo("20");
        assertThat(quote.factor()).isEqualByComparingTo("1.5");
        assertThat(quote.remarks()).singleElement().asString().contains("asks 1.5 times what the catalogue says");
        assertThat(jobs.rows("select 1 from price_factor"))
                .as("nothing is accepted by it")
                .isEmpty();
    }

    @Test
    void shouldAskForEachLengthUpToTheBoundAndTellTheRestByTheFactor() throws InterruptedException {
        simulator.set("price_factor", "2");
        PriceQuestions gathered = quotes.gather();
        for (int seconds = 1; seconds <= 25; seconds++) {
            gathered.add(
                    ACE_STEP,
                    "{\"tags\":\"calm\",\"audio\":\"https://example.com/a.wav\",\"extend_after_duration\":" + seconds
                            + "}",
                    usd("0.0002").multiply(BigDecimal.valueOf(seconds)));
        }

        ModelQuote quote = ask(gathered);

        assertThat(asked()).isEqualTo(20);
        assertThat(quote.byFactor()).isEqualTo(5);
        assertThat(quote.quotedUsd()).isEqualByComparingTo("0.13");
        assertThat(quote.catalogueUsd()).isEqualByComparingTo("0.065");
        assertThat(quote.remarks().getFirst()).contains("the prices of 5 of 25 jobs were not asked; the factor 2");
    }

    @Test
    void shouldAskWithTheProvidersCopyOfOurClipUploadedOnce() throws IOException, InterruptedException {
        simulator.set("ace_step_basis", "output");
        String sha256 = "cd".repeat(32);
        Path folder = Files.createDirectories(config.dataDir().resolve("media"));
        Files.write(folder.resolve(sha256), new byte[2_000]);
        jobs.execute("delete from media");
        jobs.execute(
                "insert into media (sha256, bytes, content_type, filename) values (?, 2000, 'audio/wav', 'wind.wav')",
                sha256);
        PriceQuestions gathered = quotes.gather();
        for (int seconds : new int[] {10, 20}) {
            gathered.add(
                    ACE_STEP,
                    "{\"tags\":\"calm\",\"audio\":\"media:sha256:" + sha256 + "\",\"extend_after_duration\":" + seconds
                            + "}",
                    usd("0.0002").multiply(BigDecimal.valueOf(seconds)));
        }

        ModelQuote quote = ask(gathered);

        assertThat(quote.problem()).isNull();
        assertThat(quote.quotedUsd()).isGreaterThanOrEqualTo(usd("0.006"));
        assertThat(simulator.stats().requests().get("upload_put")).isEqualTo(1);
        assertThat(asked()).isEqualTo(2);
    }

    @Test
    void shouldSayThatTheProviderIsAwayAndHearItWhenItIsBack() throws InterruptedException {
        simulator.goOut();
        assertThat(ask(tracks(1)).problem()).startsWith("the provider could not be asked: ");
        simulator.comeBack();
        jobs.execute("update quote set quoted_at = quoted_at - interval '1 minute'");

        assertThat(ask(tracks(1)).quotedUsd()).isEqualByComparingTo("0.0217");
    }

    @Test
    void shouldTellWhatTheProviderRefuses() throws InterruptedException {
        simulator.order(FaultRule.once(
                        FaultPhase.BEFORE_ACCEPT,
                        new FaultAction.Answer(400, FaultAction.Body.JSON, null, null, "model \"x\" not found"))
                .endpoint("price"));

        assertThat(ask(tracks(1)).problem()).isEqualTo("the provider gives no quote (400): model \"x\" not found");
        assertThat(ask(tracks(1)).problem()).as("kept for a minute").isNotNull();
        assertThat(asked()).isEqualTo(1);
    }

    @Test
    void shouldAskAgainWhenAnAnswerCannotBeReadAndGiveUpWhenItStaysSo() throws InterruptedException {
        simulator.order(FaultRule.once(FaultPhase.AFTER_ACCEPT, new FaultAction.CutJson())
                .endpoint("price"));
        assertThat(ask(tracks(1)).quotedUsd()).isEqualByComparingTo("0.0217");
        assertThat(asked()).isEqualTo(2);

        jobs.execute("delete from quote");
        simulator.order(FaultRule.once(FaultPhase.AFTER_ACCEPT, new FaultAction.NullData())
                .endpoint("price")
                .times(3));
        assertThat(ask(tracks(1)).problem())
                .isEqualTo("the provider could not be asked: the provider's quote has no price that can be read");
        assertThat(asked()).isEqualTo(5);
    }

    @Test
    void shouldAskOnceHoweverManyPlansAndWorkersThereAre() throws Exception {
        List<Callable<ModelQuote>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            all.add(() -> {
                quoter.step();
                return ask(tracks(1));
            });
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<ModelQuote>> quoted = all.stream().map(threads::submit).toList();
            for (Future<ModelQuote> one : quoted) {
                assertThat(one.get().quotedUsd()).isEqualByComparingTo("0.0217");
            }
        }
        assertThat(asked()).isEqualTo(1);
    }
}
