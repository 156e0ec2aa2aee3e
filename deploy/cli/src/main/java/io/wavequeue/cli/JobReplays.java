package io.wavequeue.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.cli.client.ApiRefusedException;
import io.wavequeue.cli.client.ApiUnreachableException;
import io.wavequeue.cli.client.BulkApi;
import io.wavequeue.cli.client.Job;
import io.wavequeue.cli.client.Json;
import io.wavequeue.cli.client.Problem;
import io.wavequeue.cli.screen.Counted;
import io.wavequeue.cli.screen.Farewell;
import io.wavequeue.cli.screen.Money;
import io.wavequeue.cli.screen.Printable;
import io.wavequeue.cli.screen.TextTable;
import io.wavequeue.cli.screen.TextTable.Column;
import io.wavequeue.cli.watch.JsonView;
import io.wavequeue.cli.watch.PollWatch;
import io.wavequeue.cli.watch.WatchView;
import io.wavequeue.cli.watch.WatchedJobs;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Replays jobs that are named by their ids, one call for each; guards are told by each call. */
final class JobReplays {

    private static final int CONFLICT = 409;

    private final Session session;
    private final BulkApi api;
    private final Ordering.Ways ways;

    JobReplays(Session session, BulkApi api, Ordering.Ways ways) {
        this.session = session;
        this.api = api;
        this.ways = ways;
    }

    int carryOut(Collection<String> ids, ObjectNode request) throws InterruptedException {
        List<Job> jobs = look(ids);
        show(jobs);
        if (ways.dryRun()) {
            return ExitCode.OK;
        }
        String question = "Replay " + Counted.of(jobs.size(), "job") + " for " + price(jobs) + "?";
        if (!new Consent(session, ways.yes(), ways.json()).given(question, "nothing was replayed")) {
            return ExitCode.NOT_CONFIRMED;
        }
        List<String> replayed = new ArrayList<>();
        for (Job job : jobs) {
            if (replay(job, request)) {
                replayed.add(job.id());
            }
        }
        int code = replayed.size() == jobs.size() ? ExitCode.OK : ExitCode.HELD;
        return ways.follow() && !replayed.isEmpty() ? Math.max(code, follow(replayed)) : code;
    }

    private List<Job> look(Collection<String> ids) throws InterruptedException {
        List<Job> jobs = new ArrayList<>();
        for (String id : ids) {
            jobs.add(api.job(id));
        }
        return jobs;
    }

    private void show(List<Job> jobs) {
        if (ways.json()) {
            JsonView.event(session.out(), "plan", "jobs", new WatchedJobs(jobs).json());
            return;
        }
        TextTable table = new TextTable(List.of(
                Column.left("job"),
                Column.left("reference"),
                Column.left("model"),
                Column.left("status"),
                Column.right("price USD")));
        for (Job job : jobs) {
            String reference = job.text("reference");
            table.row(
                    job.id(),
                    reference == null ? "-" : reference,
                    job.model(),
                    job.status(),
                    Money.column(job.cost("estimated_usd")));
            if (job.error() != null) {
                table.note(String.valueOf(job.error()));
            }
            if (job.text("replay_note") != null) {
                table.note(String.valueOf(job.text("replay_note")));
            }
        }
        table.lines().forEach(session.out()::println);
        say("");
    }

    private static String price(List<Job> jobs) {
        return Money.sum(jobs.stream().map(job -> job.cost("estimated_usd")).toList())
                .toString();
    }

    /** Whether it goes again; what a guard says is told, and the others go on. */
    private boolean replay(Job job, ObjectNode request) throws InterruptedException {
        try {
            api.replay(job.id(), request);
        } catch (ApiUnreachableException e) {
            // sent once: only the job knows whether the request arrived
            if (api.job(job.id()).replays() <= job.replays()) {
                throw e;
            }
        } catch (ApiRefusedException e) {
            if (e.status() != CONFLICT) {
                throw e;
            }
            refused(job, e.problem());
            return false;
        }
        if (ways.json()) {
            JsonView.event(session.out(), "replayed", "id", Json.object().textNode(job.id()));
        } else {
            say("replayed " + name(job));
        }
        return true;
    }

    private void refused(Job job, Problem problem) {
        String why = problem.detail() == null ? problem.title() : problem.detail();
        if (ways.json()) {
            JsonView.event(
                    session.out(),
                    "refused",
                    "job",
                    Json.object()
                            .put("id", job.id())
                            .put("reason", problem.code())
                            .put("message", why));
        } else {
            say("not replayed: " + name(job) + ": " + why);
        }
    }

    private static String name(Job job) {
        String reference = job.text("reference");
        return reference == null ? job.id() : job.id() + " (" + reference + ")";
    }

    private int follow(List<String> ids) throws InterruptedException {
        Farewell farewell = session.screen().farewell();
        farewell.say("wavequeue: the jobs go on without this command; look at them with `wavequeue status JOB`");
        WatchedJobs seen;
        try (WatchView view = Following.view(session, ways.json())) {
            seen = new PollWatch(session.pace(), view).follow(() -> new WatchedJobs(look(ids)));
            seen.jobs().forEach(job -> view.job(job.json()));
        } finally {
            farewell.forget();
        }
        if (ways.json()) {
            JsonView.event(session.out(), seen.open() ? "waits" : "done", seen.kind(), seen.json());
        } else {
            say("%,d of %,d succeeded, %,d failed"
                    .formatted(seen.count("succeeded"), seen.total(), seen.count("failed")));
        }
        if (seen.open()) {
            session.err()
                    .println("wavequeue: " + Counted.of(seen.count("held"), "job")
                            + " held; `wavequeue status JOB` says why");
            return ExitCode.HELD;
        }
        return seen.count("succeeded") == seen.total() ? ExitCode.OK : ExitCode.FAILED;
    }

    private void say(String line) {
        session.out().println(Printable.line(line));
    }
}
