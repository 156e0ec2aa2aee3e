package io.wavequeue.e2e;

import io.wavequeue.simulator.Simulator;
import io.wavequeue.simulator.fault.FaultAction;
import io.wavequeue.simulator.fault.FaultAction.Answer;
import io.wavequeue.simulator.fault.FaultAction.Body;
import io.wavequeue.simulator.fault.FaultBook.Standing;
import io.wavequeue.simulator.fault.FaultPhase;
import io.wavequeue.simulator.fault.FaultRule;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everything that the simulator can do to us and that we promise to survive without loss. What we cannot survive is not
 * here: a prediction that the history never shows looks like one that was never made.
 */
final class ProviderFaults {
    /** Below the history lag that the workers reckon with. */
    private static final Duration LATE = Duration.ofSeconds(2);

    private ProviderFaults() {}

    /** Each kind of call is struck at this rate, by all its rules together. */
    static void order(Simulator provider, double rate) {
        orderAll(
                provider,
                rate,
                FaultPhase.BEFORE_ACCEPT,
                List.of(
                        Answer.of(500),
                        new Answer(502, Body.HTML, null, null, null),
                        new Answer(429, Body.JSON, 1, null, null),
                        Answer.of(408),
                        new FaultAction.Drop(true),
                        new FaultAction.Drop(false)));
        orderAll(
                provider,
                rate,
                FaultPhase.AFTER_ACCEPT,
                List.of(
                        new FaultAction.Drop(true),
                        new FaultAction.Drop(false),
                        Answer.of(500),
                        new Answer(504, Body.HTML, null, null, null),
                        new Answer(200, Body.EMPTY, null, null, null),
                        new Answer(200, Body.HTML, null, null, null),
                        new FaultAction.Cut(null),
                        new FaultAction.CutJson(),
                        new FaultAction.NullData(),
                        new FaultAction.Envelope(500, false),
                        new FaultAction.Envelope(500, true)));
        orderAll(
                provider,
                rate,
                FaultPhase.PREDICTION,
                List.of(
                        new FaultAction.Fail(1403, null),
                        new FaultAction.Fail(5000, null),
                        new FaultAction.Fail(1200, null),
                        new FaultAction.End("cancelled"),
                        new FaultAction.End("timeout"),
                        new FaultAction.End("deleted"),
                        new FaultAction.Last(4_000)));
        orderAll(
                provider,
                rate,
                FaultPhase.POLL,
                List.of(
                        Answer.of(500),
                        Answer.of(404),
                        new Answer(429, Body.JSON, 1, null, null),
                        new Answer(200, Body.HTML, null, null, null),
                        new FaultAction.Drop(true),
                        new FaultAction.Cut(null),
                        new FaultAction.CutJson(),
                        new FaultAction.NullData(),
                        new FaultAction.ShowStatus("queued")));
        orderAll(
                provider,
                rate,
                FaultPhase.DOWNLOAD,
                List.of(Answer.of(500), Answer.of(404), new FaultAction.Drop(true), new FaultAction.Cut(null)));
        for (String endpoint : List.of("history", "billing", "upload_ticket", "upload_put")) {
            for (FaultAction action : List.of(Answer.of(500), new FaultAction.Drop(true))) {
                provider.order(FaultRule.once(FaultPhase.BEFORE_ACCEPT, action)
                        .endpoint(endpoint)
                        .rate(rate / 2));
            }
        }
        provider.order(FaultRule.once(FaultPhase.HISTORY, new FaultAction.Pass())
                .rate(rate)
                .delay(LATE));
        provider.order(FaultRule.once(FaultPhase.REFUND, new FaultAction.Pass())
                .rate(rate)
                .delay(LATE));
    }

    /** How often each kind of call was struck; a call's own endpoint where the fault is not on submits. */
    static Map<String, Long> struck(Simulator provider) {
        Map<String, Long> struck = new TreeMap<>();
        for (Standing standing : provider.faults()) {
            String endpoint = standing.rule().target().endpoint();
            String name = standing.rule().phase().text()
                    + (endpoint == null ? "" : " of " + endpoint)
                    + ", "
                    + name(standing.rule().action());
            struck.merge(name, standing.struck(), Long::sum);
        }
        return struck;
    }

    private static void orderAll(Simulator provider, double rate, FaultPhase phase, List<FaultAction> actions) {
        for (FaultAction action : actions) {
            provider.order(FaultRule.once(phase, action).rate(rate / actions.size()));
        }
    }

    private static String name(FaultAction action) {
        return switch (action) {
            case Answer answer -> answer.status() + " " + answer.body().text();
            case FaultAction.Drop drop -> drop.reset() ? "reset" : "drop";
            case FaultAction.Fail fail -> "fail " + fail.code();
            case FaultAction.End end -> end.status();
            case FaultAction.Envelope envelope -> "code 500 " + (envelope.withData() ? "with id" : "without id");
            case FaultAction.Pass pass -> "late";
            default -> action.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        };
    }
}
