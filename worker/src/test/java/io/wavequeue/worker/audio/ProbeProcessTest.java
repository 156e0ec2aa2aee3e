package io.wavequeue.worker.audio;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.simulator.audio.AudioFormat;
import io.wavequeue.worker.audio.Clips.Samples;
import io.wavequeue.worker.audio.ProbeProcess.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a real process. */
class ProbeProcessTest {
    @TempDir
    Path folder;

    private final ProbeProcess probe = new ProbeProcess(false, Duration.ofSeconds(60));

    @AfterEach
    void close() {
        probe.close();
    }

    private Path sine() {
        return Clips.file(folder, "päth with spaces.wav", Clips.sine(Samples.SHORTS, 1, 0.5));
    }

    @Test
    void shouldGoOnWithTheNextFileWhateverCameBefore() throws IOException, InterruptedException {
        Path sine = sine();
        Measurement expected = new AudioProbe(null).measure(sine);

        assertThat(probe.measure(sine)).isEqualTo(new Answer.Measured(expected));
        assertThat(probe.measure(folder.resolve("gone.wav"))).isEqualTo(new Answer.NotMeasured(Reason.FILE_UNREADABLE));
        assertThat(probe.measure(Clips.file(folder, "clip.mp3", Clips.simulated(AudioFormat.MP3, "1"))))
                .isInstanceOf(Answer.Measured.class);
        probe.close();
        assertThat(probe.measure(sine)).isEqualTo(new Answer.Measured(expected));
    }

    @Test
    void shouldEndTheProcessWhenAFileTakesTooLong() throws IOException, InterruptedException {
        Path endless = folder.resolve("endless.wav");
        assertThat(new ProcessBuilder(List.of("mkfifo", endless.toString()))
                        .start()
                        .waitFor())
                .isZero();
        try (ProbeProcess impatient = new ProbeProcess(false, Duration.ofMillis(200))) {
            assertThat(impatient.measure(endless)).isEqualTo(new Answer.NotMeasured(Reason.TOOK_TOO_LONG));
        }
    }
}
