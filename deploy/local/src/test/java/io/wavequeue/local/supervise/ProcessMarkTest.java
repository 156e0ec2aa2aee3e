package io.wavequeue.local.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ProcessMarkTest {
    private final ProcessMark mark = new ProcessMark(Path.of("/home/me/data"));

    @Test
    void shouldKnowItsOwnWhenTheDataFolderIsTheSame() {
        assertThat(mark.isOurs(List.of("-Xmx1m", mark.option("api"), "-jar"))).isTrue();
    }

    @Test
    void shouldNotClaimAStrangerWhenOnlyThePathIsMentioned() {
        assertThat(mark.isOurs(List.of("less", "/home/me/data"))).isFalse();
        assertThat(mark.isOurs(List.of(new ProcessMark(Path.of("/home/me/data2")).option("api"))))
                .isFalse();
        assertThat(mark.isOurs(List.of(new ProcessMark(Path.of("/other/home/me/data")).option("api"))))
                .isFalse();
        assertThat(mark.isOurs(List.of())).isFalse();
    }
}
