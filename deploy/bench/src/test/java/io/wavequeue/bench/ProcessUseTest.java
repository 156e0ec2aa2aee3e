package io.wavequeue.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.bench.ProcessUse.Stat;
import org.junit.jupiter.api.Test;

class ProcessUseTest {
    @Test
    void shouldCountFieldsFromBehindTheNameWhichMayHoldAnything() {
        String stat = "4242 (a) R (x y) S 1 4242 4242 0 -1 4194560 1 2 3 4 150 50 70 30 20 0 1 0 999 1 2";

        assertThat(Stat.parse(stat)).isEqualTo(new Stat(200, 100));
        assertThat(Stat.parse(stat).withEndedChildren()).isEqualTo(300);
    }
}
