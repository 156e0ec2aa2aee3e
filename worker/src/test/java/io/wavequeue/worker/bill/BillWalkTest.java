package io.wavequeue.worker.bill;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.job.BillRow;
import io.wavequeue.worker.provider.BillPage;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BillWalkTest {
    private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");

    private final BillWalk walk = new BillWalk(START);

    private static BillRow row(long second) {
        return new BillRow(
                "r" + second, "p" + second, "m", BillRow.Kind.DEDUCT, BigDecimal.ONE, START.plusSeconds(second), true);
    }

    private static BillPage page(List<BillRow> rows, @Nullable Boolean hasMore, @Nullable Long total) {
        return new BillPage(rows, rows.size(), 0, hasMore, total);
    }

    private static BillPage full(long firstSecond) {
        return page(
                IntStream.range(0, BillPage.SIZE)
                        .mapToObj(i -> row(firstSecond + i))
                        .toList(),
                null,
                null);
    }

    /** Items on the first page, what it says of the rest, whether it is the last. */
    @ParameterizedTest
    @CsvSource({
        "0,,,true",
        "0,true,900,true",
        "99,,,true",
        "99,false,,true",
        "99,,99,true",
        "99,true,,false",
        "99,,150,false",
        "100,,,false",
        "100,false,,false",
        "100,,100,false"
    })
    void shouldEndOnNoSingleWord(int items, @Nullable Boolean hasMore, @Nullable Long total, boolean last) {
        List<BillRow> rows = IntStream.range(0, items).mapToObj(i -> row(i)).toList();

        assertThat(walk.take(page(rows, hasMore, total))).isEqualTo(last);
    }

    @Test
    void shouldBeginAnewAtTheLatestLineAfterManyPages() {
        for (int i = 0; i < BillWalk.PAGES_BEFORE_ANEW; i++) {
            assertThat(walk.from()).isEqualTo(START);
            assertThat(walk.page()).isEqualTo(i + 1);
            assertThat(walk.take(full(i * 100L))).isFalse();
        }

        assertThat(walk.from()).isEqualTo(START.plusSeconds(4999 - 1));
        assertThat(walk.page()).isEqualTo(1);
        assertThat(walk.position(false)).isEqualTo(START.plusSeconds(4999));
    }

    @Test
    void shouldGoOnByPagesWhenAllLinesAreOfOneMoment() {
        List<BillRow> rows =
                IntStream.range(0, BillPage.SIZE).mapToObj(i -> row(0)).toList();
        for (int i = 0; i < 2 * BillWalk.PAGES_BEFORE_ANEW; i++) {
            walk.take(page(rows, null, null));
        }

        assertThat(walk.from()).isEqualTo(START);
        assertThat(walk.page()).isEqualTo(2 * BillWalk.PAGES_BEFORE_ANEW + 1);
    }

    @Test
    void shouldHaveNoPositionBeforeItsEndWhenLinesAreNotSorted() {
        walk.take(page(List.of(row(500), row(400)), true, null));

        assertThat(walk.position(false)).isNull();
        assertThat(walk.position(true)).isEqualTo(START.plusSeconds(500));
        for (int i = 0; i < BillWalk.PAGES_BEFORE_ANEW; i++) {
            walk.take(full(i * 100L));
        }
        assertThat(walk.from()).isEqualTo(START);
    }
}
