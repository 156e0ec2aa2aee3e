package io.wavequeue.cli;

import io.wavequeue.cli.client.Batch;
import io.wavequeue.cli.client.LibraryApi;
import io.wavequeue.cli.screen.Farewell;
import io.wavequeue.cli.screen.Money;
import io.wavequeue.cli.screen.Printable;
import io.wavequeue.cli.watch.BarView;
import io.wavequeue.cli.watch.BatchWatch;
import io.wavequeue.cli.watch.JsonView;
import io.wavequeue.cli.watch.PlainView;
import io.wavequeue.cli.watch.Standing;
import io.wavequeue.cli.watch.WatchView;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Follows batches one after the other, and says how each ended. */
final class Following {

    private final Session session;
    private final LibraryApi api;
    private final boolean json;

    Following(Session session, LibraryApi api, boolean json) {
        this.session = session;
        this.api = api;
        this.json = json;
    }

    /** Follows them to their ends; the code of what went worst. */
    int follow(List<String> ids) throws InterruptedException {
        int worst = ExitCode.OK;
        for (String id : ids) {
            Farewell farewell = session.screen().farewell();
            farewell.say("wavequeue: the work goes on without this command; come back with `wavequeue watch " + id
                    + "`, stop it with `wavequeue cancel " + id + "`");
            try {
                worst = Math.max(worst, follow(id));
            } finally {
                farewell.forget();
            }
        }
        return worst;
    }

    private int follow(String id) throws InterruptedException {
        BatchWatch.Result result;
        try (WatchView view = view(session, json)) {
            result = new BatchWatch(api, session.pace(), view).follow(id);
        }
        Batch batch = result.batch();
        if (json) {
            JsonView.event(
                    session.out(), result instanceof BatchWatch.Result.Done ? "done" : "waits", "batch", batch.json());
        } else {
            say(summary(batch));
        }
        return switch (result) {
            case BatchWatch.Result.Waits(Batch _, String why) -> {
                session.err().println(Printable.line("wavequeue: what is left of batch " + id + " waits: " + why));
                yield ExitCode.HELD;
            }
            case BatchWatch.Result.Done(Batch done) -> {
                boolean good = done.count("failed") == 0 && done.count("cancelled") == 0;
                if (!good && !json) {
                    say("what did not succeed: wavequeue results " + id + " --only errors");
                }
                yield good ? ExitCode.OK : ExitCode.FAILED;
            }
        };
    }

    /** Where the person sees how it gets on: as a bar, as lines, or as JSON for a program. */
    static WatchView view(Session session, boolean json) {
        if (json) {
            return new JsonView(session.out());
        }
        return session.terminal().live()
                ? new BarView(session.out(), session.terminal(), session.pace())
                : new PlainView(session.out(), session.pace());
    }

    private static String summary(Batch batch) {
        @Nullable BigDecimal refunded = batch.cost("refunded_usd");
        boolean back = refunded != null && refunded.signum() > 0;
        return "batch " + batch.id() + ": " + batch.count("succeeded") + " of " + batch.count("total") + " succeeded, "
                + batch.count("failed") + " failed, " + batch.count("cancelled") + " cancelled; "
                + Standing.spent(batch)
                + (back && refunded != null ? ", " + Money.exact(refunded) + " refunded" : "");
    }

    private void say(String line) {
        session.out().println(Printable.line(line));
    }
}
