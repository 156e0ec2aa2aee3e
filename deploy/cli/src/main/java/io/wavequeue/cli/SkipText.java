package io.wavequeue.cli;

import io.wavequeue.cli.client.BulkRun;
import io.wavequeue.cli.screen.Counted;
import io.wavequeue.cli.screen.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Why jobs are left as they are, and what can be done about it. */
final class SkipText {

    private static final Map<String, String> WORDS = Map.ofEntries(
            Map.entry("succeeded", "they have succeeded, and are not bought again"),
            Map.entry("under_way", "they are on their way already"),
            Map.entry("changed", "something else was done to them meanwhile"),
            Map.entry("uncertain", "nobody knows whether their last submit was charged: `wavequeue resolve` decides"),
            Map.entry(
                    "may_be_charged",
                    "given up in doubt, so they may have been charged; --force may_be_charged may pay twice"),
            Map.entry("prediction_pending", "the provider has not ended their prediction, which is still looked at"),
            Map.entry("has_result", "their result is there; --force has_result buys another"),
            Map.entry(
                    "superseded",
                    "their library has other jobs for them since; --force superseded buys them all the same"),
            Map.entry("parked", "they were replayed as often as they may be; --force parked does it once more"),
            Map.entry(
                    "moderated",
                    "refused for their content, which is the same: change it with --set, or --force moderated"),
            Map.entry("no_longer_valid", "the catalogue does not take their input any more: change it with --set"),
            Map.entry(
                    "batch_cancelled", "their batch was cancelled: `wavequeue replay --batch ID --missing` reopens it"),
            Map.entry(
                    "provider_has_it",
                    "the provider made a prediction with that input later; --force provider_has_it buys another"),
            Map.entry(
                    "history_unread",
                    "the provider's history could not be read, or was asked about another input than --set makes (--from-topic --set asks about that), so somebody may have bought them: later, or --force history_unread"),
            Map.entry("waits", "they wait for what their hold_reason names, and go on by themselves after that"),
            Map.entry("ended", "they have ended"),
            Map.entry("cancel_requested", "their cancel was asked for before; what is paid is followed to its end"),
            Map.entry("held_already", "a person holds them already"),
            Map.entry("not_held", "no person holds them by themselves"),
            Map.entry("record_invalid", "the record is no job"),
            Map.entry("input_missing", "their input is not kept any more"),
            Map.entry("aborted", "their turn had not come when it was aborted"),
            Map.entry("already_resolved", "nothing is in doubt any more"),
            Map.entry("evidence_waits", "a webhook told what became of them, and a worker is about to write that"),
            Map.entry("no_candidate", "no prediction was found that could be theirs"),
            Map.entry("several_candidates", "several predictions could be theirs"),
            Map.entry("candidate_shared", "the prediction could be another job's"),
            Map.entry("candidate_taken", "another attempt got the prediction meanwhile"));

    /** With these all is as it should be, or will be without anybody. */
    private static final Set<String> NOBODY = Set.of(
            "succeeded",
            "under_way",
            "changed",
            "aborted",
            "already_resolved",
            "evidence_waits",
            "ended",
            "cancel_requested",
            "held_already",
            "not_held");

    private SkipText() {}

    static boolean wantsAPerson(String reason) {
        return !NOBODY.contains(reason);
    }

    /** A reason, and what it means of several jobs; alone where it is a new one. */
    static String explained(String reason) {
        String words = WORDS.get(reason);
        return words == null ? reason : reason + ": " + words;
    }

    /** A heading and a line for each reason; empty when no job is left alone. */
    static List<String> lines(BulkRun run) {
        List<String> lines = new ArrayList<>();
        if (run.leftAlone() > 0) {
            lines.add(Counted.of(run.leftAlone(), "job") + " left alone:");
        }
        run.skipped().forEach((reason, jobs) -> {
            if (jobs > 0) {
                lines.add(Printable.line("%8s  %s".formatted("%,d".formatted(jobs), explained(reason))));
            }
        });
        return lines;
    }
}
