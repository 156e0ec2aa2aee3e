package io.wavequeue.worker.run;

import io.wavequeue.worker.run.Stopwatch.Stamp;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The real rules of silence and of the submit window, for simulations. */
public final class Liveness {
    private final Silence silence;
    private final SubmitWindow window;
    private @Nullable Stamp confirmed;

    public Liveness(Stopwatch stopwatch, Duration window, Duration beatEvery, Duration deadAfter) {
        this.silence = new Silence(stopwatch, beatEvery, deadAfter);
        this.window = new SubmitWindow(stopwatch, window);
    }

    public void confirmed(Stamp asked) {
        confirmed = asked;
    }

    public boolean isFresh() {
        return window.isFresh(confirmed);
    }

    public boolean maySubmit(Stamp claimAsked) {
        return window.isOpen(claimAsked, confirmed);
    }

    public void forget() {
        silence.forget();
    }

    public Map<UUID, Long> silent(UUID self, Map<UUID, Long> beats) {
        return silence.read(self, beats);
    }
}
