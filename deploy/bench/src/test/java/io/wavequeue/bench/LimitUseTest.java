package io.wavequeue.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.wavequeue.bench.JobRows.Clip;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class LimitUseTest {
    private static final Offset<Double> HARDLY = within(1e-6);

    @Test
    void shouldCountSlotsFromSubmitToSettlingWhileThereIsBacklog() {
        // Two slots, each refilled a quarter of a second after it fell free; half a second of 2 s is the provider's.
        List<Clip> clips = new ArrayList<>();
        for (double submitted : new double[] {100, 102, 104}) {
            clips.add(clip(submitted, 500, submitted + 1.75));
            clips.add(clip(submitted, 500, submitted + 1.75));
        }

        LimitUse.Use use = LimitUse.use(clips, 1_000, 2);

        assertThat(use.seconds()).isEqualTo(4, HARDLY);
        assertThat(use.slotsHeldPercent()).isEqualTo(87.5, HARDLY);
        assertThat(use.providerOpenPercent()).isEqualTo(25, HARDLY);
        assertThat(use.submitsPercent()).isZero();
    }

    @Test
    void shouldCompareTheSubmitsOfWholeMinutesWithWhatTheyAllow() {
        List<Clip> clips = new ArrayList<>();
        for (int minute = 0; minute < 3; minute++) {
            for (int i = 0; i < 9; i++) {
                clips.add(clip(60 * minute + i, 10, 60 * minute + i + 1));
            }
        }

        assertThat(LimitUse.use(clips, 10, 100).submitsPercent()).isEqualTo(90, HARDLY);
    }

    private static Clip clip(double submitted, double inferenceMs, double settled) {
        return new Clip(1, 0, 0, inferenceMs, submitted, submitted, settled);
    }
}
