package io.wavequeue.cli;

import io.wavequeue.cli.client.BulkApi;
import io.wavequeue.cli.client.BulkKind;
import io.wavequeue.cli.client.BulkRun;
import io.wavequeue.cli.screen.Counted;
import io.wavequeue.cli.screen.Farewell;
import io.wavequeue.cli.screen.Printable;
import io.wavequeue.cli.watch.JsonView;
import io.wavequeue.cli.watch.PollWatch;
import io.wavequeue.cli.watch.WatchView;
import io.wavequeue.cli.watch.WatchedRun;
import java.util.Map;

/** Follows what is done to many jobs, and says how it ended. */
final class BulkFollowing {

    /** As many as the API lists at once, and as can be named. */
    private static final int MOST_JOBS = 1_000;

    private final Session session;
    private final BulkApi api;
    private final BulkKind kind;
    private final boolean json;

    BulkFollowing(Session session, BulkApi api, BulkKind kind, boolean json) {
        this.session = session;
        this.api = api;
        this.kind = kind;
        this.json = json;
    }

    /**
     * Follows it to its end; the code of what went worst.
     *
     * @param told which jobs are left alone, as the person knows already
     */
    int follow(String id, Map<String, Long> told) throws InterruptedException {
        String words = "wavequeue " + kind.words() + " ";
        Farewell farewell = session.screen().farewell();
        farewell.say("wavequeue: the " + kind.word() + " goes on without this command; look at it with `" + words + id
                + "`, follow it with `" + words + id + " --wait`, stop it with `" + words + "pause " + id + "` or `"
                + words + "abort " + id + "`");
        WatchedRun seen;
        try (WatchView view = Following.view(session, json)) {
            seen = new PollWatch(session.pace(), view)
                    .follow(() ->
                            new WatchedRun(BulkRun.of(kind, api.get(kind, id).json())));
        } finally {
            farewell.forget();
        }
        if (json) {
            JsonView.event(session.out(), seen.open() ? "waits" : "done", kind.word(), seen.json());
        } else {
            ended(seen.run(), told);
        }
        if (seen.open()) {
            session.err()
                    .println(Printable.line(
                            "wavequeue: what is left of the " + kind.word() + " waits: " + why(seen.run(), words)));
        }
        return code(seen);
    }

    /** Whether jobs were left alone, or records are none, that a person has to look at. */
    static boolean guarded(BulkRun run) {
        return run.refused() > 0 || run.skipped().keySet().stream().anyMatch(SkipText::wantsAPerson);
    }

    private static int code(WatchedRun seen) {
        BulkRun run = seen.run();
        if (seen.open() || guarded(run) || NamedJobs.leftOut(run)) {
            return ExitCode.HELD;
        }
        boolean good = !run.status().equals("aborted") && run.outcome("failed") == 0 && run.outcome("cancelled") == 0;
        return good ? ExitCode.OK : ExitCode.FAILED;
    }

    private static String why(BulkRun run, String words) {
        return run.ended()
                ? Counted.of(run.outcome("held"), "job") + " held; `wavequeue status JOB` says why"
                : "it is paused; `" + words + "resume " + run.id() + "`";
    }

    private void ended(BulkRun run, Map<String, Long> told) throws InterruptedException {
        String jobs = "wavequeue " + kind.words() + " " + run.id() + " --jobs --outcome ";
        say(BulkText.summary(run));
        if (!run.skipped().equals(told)) {
            SkipText.lines(run).forEach(this::say);
            if (NamedJobs.leftOut(run)) {
                for (String reason : run.skipped().keySet()) {
                    BulkText.jobs(api.jobs(kind, run.id(), reason, MOST_JOBS).json())
                            .forEach(this::say);
                }
            }
        }
        run.skipped().keySet().stream()
                .filter(SkipText::wantsAPerson)
                .forEach(reason -> say("left alone as " + reason + ": " + jobs + reason));
        if (run.outcome("failed") > 0) {
            say("what failed again: wavequeue failures --replay " + run.id());
        }
    }

    private void say(String line) {
        session.out().println(Printable.line(line));
    }
}
