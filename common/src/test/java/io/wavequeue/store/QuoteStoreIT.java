package io.wavequeue.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.store.QuoteStore.Answer;
import io.wavequeue.store.QuoteStore.Due;
import io.wavequeue.store.QuoteStore.Question;
import io.wavequeue.store.QuoteStore.QuotedPrice;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QuoteStoreIT {
    private static final Duration KEEP = Duration.ofHours(24);
    private static final Duration KEEP_ERROR = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final Question ONE = new Question("m", "a".repeat(64), "{}");
    private static final Question OTHER = new Question("m", "b".repeat(64), "{}");
    private static final QuotedPrice PRICE =
            new QuotedPrice(new BigDecimal("0.021700"), new BigDecimal("0.019530"), new BigDecimal("10.000000"));

    private final StoreFixture store = StoreFixture.withTurnedClock();

    @BeforeEach
    void empty() {
        store.execute("delete from quote");
    }

    @AfterAll
    void close() {
        store.close();
    }

    private void want(Question... questions) {
        store.quotes.want(List.of(questions), KEEP, KEEP_ERROR, PATIENCE);
    }

    private List<Due> take() {
        return store.quotes.take(4, LEASE);
    }

    private Answer answer() {
        return store.quotes.read(List.of(ONE)).getFirst();
    }

    @Test
    void shouldBeTakenByOneAtATimeAndAgainWhenTheLeaseIsOver() {
        want(ONE, OTHER);
        assertThat(store.quotes.take(1, LEASE)).hasSize(1);
        assertThat(take()).hasSize(1);
        assertThat(take()).isEmpty();
        store.turn(LEASE);
        want(ONE);
        assertThat(take()).extracting(Due::question).containsExactly(ONE.question());
    }

    @Test
    void shouldKeepAnAnswerForAWhile() {
        want(ONE);
        store.quotes.answered(take().getFirst(), PRICE);
        assertThat(answer().price()).isEqualTo(PRICE);

        store.turn(KEEP.minusSeconds(1));
        want(ONE);
        assertThat(take()).isEmpty();
        assertThat(answer().price()).isEqualTo(PRICE);

        store.turn(Duration.ofSeconds(1));
        want(ONE);
        assertThat(answer().quotedAt()).isNull();
        assertThat(take()).hasSize(1);
    }

    @Test
    void shouldAskAgainSoonWhenThereWasNoPrice() {
        want(ONE);
        store.quotes.refused(take().getFirst(), "no such model");
        assertThat(answer()).extracting(Answer::error, Answer::price).containsExactly("no such model", null);
        want(ONE);
        assertThat(take()).isEmpty();
        store.turn(KEEP_ERROR);
        want(ONE);
        assertThat(take()).extracting(Due::tries).containsExactly(1);
    }

    @Test
    void shouldNotBeAskedWhenNobodyWaitsAnyMore() {
        want(ONE);
        store.quotes.postponed(take().getFirst(), "away", Duration.ofSeconds(1));
        store.turn(PATIENCE);
        assertThat(take()).isEmpty();
        assertThat(answer().error()).isEqualTo("away");

        want(ONE);
        assertThat(answer().error()).isNull();
        assertThat(take()).extracting(Due::tries).containsExactly(1);
    }

    @Test
    void shouldIgnoreAnAnswerOfWhoeverLostIt() {
        want(ONE);
        Due lost = take().getFirst();
        store.turn(LEASE);
        store.quotes.want(List.of(ONE), KEEP, KEEP_ERROR, Duration.ofMinutes(5));
        Due first = take().getFirst();
        store.turn(LEASE);
        Due second = take().getFirst();
        store.quotes.refused(first, "late");
        assertThat(answer().quotedAt()).isNull();
        store.quotes.answered(second, PRICE);
        store.quotes.refused(lost, "later still");
        assertThat(answer().price()).isEqualTo(PRICE);
    }

    @Test
    void shouldForgetWhatNobodyWantedForLong() {
        want(ONE);
        store.turn(Duration.ofDays(8));
        want(OTHER);
        assertThat(store.quotes.read(List.of(ONE))).isEmpty();
    }
}
