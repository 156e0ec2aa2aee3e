package io.wavequeue.worker.submit;

import io.wavequeue.store.ClaimStore.ClaimedJob;
import io.wavequeue.wiring.Webhooks;
import io.wavequeue.worker.account.ProviderHealth;
import io.wavequeue.worker.media.MediaInputs;
import io.wavequeue.worker.media.MediaInputs.PreparedInput;
import io.wavequeue.worker.provider.SubmitAnswer;
import io.wavequeue.worker.provider.WaveSpeed;
import io.wavequeue.worker.run.Heartbeat;
import io.wavequeue.worker.run.Stopwatch.Stamp;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * The paid call.
 *
 * <p>It starts only within a few seconds of its claim, while this worker's heartbeat is confirmed to be as young. Later,
 * somebody else may have taken the job over, so it is abandoned as not sent.
 */
@ApplicationScoped
public class Submitter {
    private static final Logger LOG = Logger.getLogger(Submitter.class);
    private static final Duration UNPREPARED_AGAIN = Duration.ofSeconds(5);

    private final WaveSpeed provider;
    private final MediaInputs media;
    private final ProviderHealth health;
    private final Heartbeat heartbeat;
    private final Webhooks webhooks;

    Submitter(WaveSpeed provider, MediaInputs media, ProviderHealth health, Heartbeat heartbeat, Webhooks webhooks) {
        this.provider = provider;
        this.media = media;
        this.health = health;
        this.heartbeat = heartbeat;
        this.webhooks = webhooks;
    }

    /** @param claimAsked taken before the claim was requested */
    public SubmitAnswer submit(ClaimedJob job, Stamp claimAsked) throws InterruptedException {
        PreparedInput input;
        try {
            input = media.prepare(job.model(), job.input());
        } catch (RuntimeException beforeTheCall) {
            LOG.warnf("job %s: its input could not be prepared: %s", job.jobId(), beforeTheCall.getMessage());
            return new SubmitAnswer.NotSent(String.valueOf(beforeTheCall.getMessage()), UNPREPARED_AGAIN);
        }
        return switch (input) {
            case PreparedInput.Ready ready ->
                health.heard(
                        job,
                        provider.submit(
                                job.model(),
                                ready.input(),
                                webhooks.address(job.webhookToken()),
                                () -> heartbeat.maySubmit(claimAsked)));
            case PreparedInput.NotYet notYet -> new SubmitAnswer.NotSent(notYet.reason(), notYet.again());
            case PreparedInput.Impossible impossible -> new SubmitAnswer.Refused(impossible.error());
        };
    }
}
