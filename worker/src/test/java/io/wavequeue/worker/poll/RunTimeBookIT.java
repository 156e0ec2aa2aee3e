package io.wavequeue.worker.poll;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.store.StoreFixture;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Books that are turned by hand, over a real database. */
class RunTimeBookIT {
    private static final Workload SHORT = new Workload("m", "16s");
    private static final Workload LONG = new Workload("m", "64s");

    private final StoreFixture store = new StoreFixture();
    private final RunTimeBook book = new RunTimeBook(store.runTimes);
    private final RunTimeBook other = new RunTimeBook(store.runTimes);

    @AfterEach
    void close() {
        store.close();
    }

    private static void learn(RunTimeBook book, Workload workload, int seconds) {
        for (int i = 0; i < 20; i++) {
            book.learn(workload, Duration.ofSeconds(seconds - 1), Duration.ofSeconds(seconds), null);
        }
    }

    private static double first(RunTimeBook book, Workload workload) {
        return book.plan(workload).nextLook(0);
    }

    @Test
    void shouldKeepAndShareWhatEveryWorkerLearned() {
        learn(book, SHORT, 10);
        learn(other, LONG, 40);
        other.exchange();
        book.exchange();
        book.replan();

        assertThat(first(book, SHORT)).isBetween(9.0, 10.5);
        assertThat(first(book, LONG)).isBetween(38.0, 41.0);

        RunTimeBook restarted = new RunTimeBook(store.runTimes);
        restarted.exchange();
        restarted.replan();
        assertThat(first(restarted, SHORT)).isEqualTo(first(book, SHORT));
        assertThat(first(restarted, LONG)).isEqualTo(first(book, LONG));
    }

    @Test
    void shouldGoByTheModelWhileASizeIsNotKnown() {
        learn(book, LONG, 40);
        book.replan();

        assertThat(book.plan(SHORT)).isSameAs(book.plan(Workload.of("m")));
        assertThat(first(book, SHORT)).isBetween(38.0, 41.0);
        assertThat(book.plan(Workload.of("another"))).isSameAs(PollPlan.UNKNOWN);
    }
}
