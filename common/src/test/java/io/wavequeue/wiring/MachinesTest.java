package io.wavequeue.wiring;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;

class MachinesTest {
    @Test
    void shouldRefuseASecondMachineByName() {
        assertThatThrownBy(() -> Machines.refuseOthers("b", Set.of("a", "b", "c")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("this machine is b")
                .hasMessageContaining("run on a, c")
                .hasMessageContaining("WAVEQUEUE_OUTPUT_S3_BUCKET")
                .hasMessageContaining("WAVEQUEUE_DATA_SHARED=true");
    }

    @Test
    void shouldLetOneMachineBeAndThoseThatNobodyCanTellApart() {
        assertThatCode(() -> Machines.refuseOthers("b", Set.of())).doesNotThrowAnyException();
        assertThatCode(() -> Machines.refuseOthers("b", Set.of("b"))).doesNotThrowAnyException();
        assertThatCode(() -> Machines.refuseOthers("b", Set.of("localhost"))).doesNotThrowAnyException();
        assertThatCode(() -> Machines.refuseOthers("localhost", Set.of("a"))).doesNotThrowAnyException();
    }
}
