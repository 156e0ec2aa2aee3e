package io.wavequeue.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.cli.client.ApiException;
import io.wavequeue.cli.client.ApiRefusedException;
import io.wavequeue.cli.client.ApiUnreachableException;
import io.wavequeue.cli.client.ApiUnreadableException;
import io.wavequeue.cli.client.BulkApi;
import io.wavequeue.cli.client.BulkKind;
import io.wavequeue.cli.client.BulkRun;
import io.wavequeue.cli.client.Json;
import io.wavequeue.cli.screen.Counted;
import io.wavequeue.cli.screen.Farewell;
import io.wavequeue.cli.screen.Printable;
import io.wavequeue.cli.watch.JsonView;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Has something done to many jobs: shows what it would be about, asks, makes it, follows it. */
final class Ordering {

    private static final int SERVER_ERROR = 500;

    /** Codes of problems that are found before anything is written. */
    private static final Set<String> NOTHING_WAS_DONE = Set.of("history_unread", "kafka_away", "library_busy");

    private final Session session;
    private final BulkApi api;
    private final BulkKind kind;
    private final Ways ways;

    Ordering(Session session, BulkApi api, BulkKind kind, Ways ways) {
        this.session = session;
        this.api = api;
        this.kind = kind;
        this.ways = ways;
    }

    /**
     * How the person wants to be spoken to.
     *
     * @param key the idempotency key that was given; null = one that is used once
     */
    record Ways(
            boolean dryRun,
            boolean yes,
            boolean follow,
            boolean json,
            @Nullable String key) {}

    /**
     * What the person is asked.
     *
     * @param about such as {@code Replay 12 jobs}, made of {@code 12 jobs}
     * @param caution a sentence about what cannot be taken back; empty = none
     */
    record Question(UnaryOperator<String> about, String caution) {
        String of(BulkRun plan) {
            String price = BulkPlanText.price(plan);
            return about.apply(Counted.of(plan.due(), "job"))
                    + (price == null ? "" : " for " + price)
                    + "?"
                    + (caution.isEmpty() ? "" : " " + caution);
        }
    }

    /** From the look to the end; the code of what went worst. */
    int carryOut(ObjectNode request, Question question) throws InterruptedException {
        BulkRun plan = api.dryRun(kind, request);
        // with a key, what it would be about may have been done by the call that is repeated
        boolean repeated = plan.due() == 0 && ways.key() != null && !ways.dryRun();
        boolean leftOut = plan.due() < NamedJobs.of(request).size();
        if (ways.json()) {
            JsonView.event(session.out(), "plan", kind.word(), plan.json());
        } else if (!repeated || plan.matched() > 0) {
            BulkPlanText.of(plan, request).forEach(session.out()::println);
            session.out().println();
        }
        if (leftOut && !repeated) {
            tell(NamedJobs.leftAlone(request, kind, plan));
        }
        if (ways.dryRun()) {
            return ExitCode.OK;
        }
        if (plan.due() == 0 && !repeated) {
            say("nothing to do");
            return leftOut || BulkFollowing.guarded(plan) ? ExitCode.HELD : ExitCode.OK;
        }
        if (!agreed(plan, question)) {
            return ExitCode.NOT_CONFIRMED;
        }
        BulkRun run = create(request);
        created(run, repeated ? run : plan);
        if (ways.follow()) {
            return new BulkFollowing(session, api, kind, ways.json()).follow(run.id(), plan.skipped());
        }
        say("look at it with: wavequeue " + kind.words() + " " + run.id());
        return leftOut && ways.key() == null ? ExitCode.HELD : ExitCode.OK;
    }

    /** Of the jobs that were named, those for which nothing is to be done. */
    private void tell(List<String> lines) {
        if (ways.json()) {
            lines.forEach(line -> JsonView.event(
                    session.out(), "note", "message", Json.object().textNode(line)));
        } else if (!lines.isEmpty()) {
            say("of the jobs that were named, these are left alone:");
            lines.forEach(line -> say("  " + line));
            say("");
        }
    }

    private boolean agreed(BulkRun plan, Question question) {
        String asked = plan.due() == 0
                ? "Nothing is left to do; ask for what was made with the key " + ways.key() + "?"
                : question.of(plan);
        return new Consent(session, ways.yes(), ways.json()).given(asked, "nothing was " + kind.done());
    }

    private BulkRun create(ObjectNode request) throws InterruptedException {
        String key = ways.key() == null
                ? "wavequeue-" + kind.word() + "-" + session.ids().get()
                : ways.key();
        String maybe = "wavequeue: the " + kind.word() + " may have been made all the same: `wavequeue " + kind.words()
                + "` tells; the same command with --key " + ShellWord.quoted(key)
                + " makes sure, and never makes a second one";
        Farewell farewell = session.screen().farewell();
        farewell.say(maybe);
        try {
            return api.create(kind, request, key);
        } catch (ApiException e) {
            if (isDoubtful(e)) {
                session.err().println(Printable.line(maybe));
            }
            throw e;
        } finally {
            farewell.forget();
        }
    }

    private static boolean isDoubtful(ApiException e) {
        return switch (e) {
            case ApiUnreachableException _, ApiUnreadableException _ -> true;
            case ApiRefusedException refused ->
                refused.status() >= SERVER_ERROR
                        && !NOTHING_WAS_DONE.contains(
                                String.valueOf(refused.problem().code()));
        };
    }

    /** @param seen as the person saw it before */
    private void created(BulkRun run, BulkRun seen) {
        if (ways.json()) {
            JsonView.event(session.out(), "created", kind.word(), run.json());
        }
        boolean same = run.matched() == seen.matched();
        say(kind.word() + " " + run.id() + ": " + Counted.of(run.matched(), "job")
                + (same ? "" : ", and not the " + seen.matched() + " that were seen before"));
    }

    private void say(String text) {
        if (!ways.json()) {
            session.out().println(Printable.line(text));
        }
    }
}
