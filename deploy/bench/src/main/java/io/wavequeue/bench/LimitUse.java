package io.wavequeue.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.bench.JobRows.Clip;
import io.wavequeue.bench.JobRows.Span;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** How much of the account's limits is used while there is backlog, and whether they are ever exceeded. */
record LimitUse(Latency latency, int submitsPerMinute, int inFlight, int clips, int workers) implements Scenario {
    private static final int MINUTE = 60;

    @Override
    public String name() {
        return "limits";
    }

    @Override
    public Map<String, String> environment() {
        return Scenario.limits(submitsPerMinute, inFlight);
    }

    @Override
    public void describe(ObjectNode line) {
        line.put("latency", latency.text())
                .put("submits_per_minute", submitsPerMinute)
                .put("in_flight", inFlight)
                .put("clips", clips);
    }

    @Override
    public void warmUp(Lab lab) throws IOException, SQLException, InterruptedException {
        lab.provider().configure(latency);
        lab.jobs().addBacklog("warm-up", Math.max(1, Math.min(submitsPerMinute, inFlight)));
        lab.jobs().awaitAll();
    }

    @Override
    public void run(Lab lab, int number, Measurements into) throws IOException, SQLException, InterruptedException {
        lab.say("  a minute of rest, so that the submits before do not count");
        Waiting.pause(Duration.ofSeconds(MINUTE + 1));
        lab.provider().reset();
        Span span = lab.jobs().addBacklog("run " + number, clips);
        lab.wakeDispatch();
        lab.jobs().awaitAll();
        lab.jobs().requireSucceeded(span, clips);
        lab.provider().requireAccepted(clips);

        Use use = use(lab.jobs().clips(span), submitsPerMinute, inFlight);
        into.add("backlog_s", use.seconds());
        into.add("slots_held_percent", use.slotsHeldPercent());
        into.add("provider_open_percent", use.providerOpenPercent());
        into.add("submits_percent", use.submitsPercent());
        into.add("use_percent", Math.max(use.slotsHeldPercent(), use.submitsPercent()));
        JsonNode stats = lab.provider().stats();
        into.add(
                "overshoot.submits_per_minute",
                Math.max(0, stats.path("max_not_429_per_minute").asInt() - submitsPerMinute));
        into.add("overshoot.in_flight", Math.max(0, stats.path("max_open").asInt() - inFlight));
        into.add("answered_429", stats.path("submits_429").asInt());
    }

    /**
     * Over the time in which there was backlog: from the first submit to the last.
     *
     * @param slotsHeldPercent of the slots, held by us from submit to settling
     * @param providerOpenPercent of the slots, with a prediction that ran at the provider
     * @param submitsPercent of what whole minutes allow; 0 when the backlog did not last for one
     */
    record Use(double seconds, double slotsHeldPercent, double providerOpenPercent, double submitsPercent) {}

    static Use use(List<Clip> clips, int submitsPerMinute, int inFlight) {
        double first = clips.stream().mapToDouble(Clip::submitted).min().orElseThrow();
        double last = clips.stream().mapToDouble(Clip::submitted).max().orElseThrow();
        double held = 0;
        double open = 0;
        for (Clip clip : clips) {
            held += Math.min(last, clip.settled()) - Math.min(last, clip.submitted());
            open += Math.min(last, clip.accepted() + clip.inferenceMs() / 1000) - Math.min(last, clip.accepted());
        }
        double seconds = last - first;
        long minutes = (long) (seconds / MINUTE);
        long submitted = clips.stream()
                .filter(clip -> clip.submitted() < first + minutes * MINUTE)
                .count();
        double slots = Math.max(seconds, 1e-9) * inFlight;
        return new Use(
                seconds,
                100 * held / slots,
                100 * open / slots,
                minutes == 0 ? 0 : 100.0 * submitted / (minutes * submitsPerMinute));
    }
}
