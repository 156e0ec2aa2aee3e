package io.wavequeue.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.cli.client.Batch;
import io.wavequeue.cli.client.Json;
import io.wavequeue.cli.clip.ClipText;
import io.wavequeue.cli.library.AudioFolder;
import io.wavequeue.cli.library.LockFile;
import io.wavequeue.cli.library.LockGuard;
import io.wavequeue.cli.manifest.FaultsException;
import io.wavequeue.cli.screen.Counted;
import io.wavequeue.cli.screen.Printable;
import io.wavequeue.cli.watch.JsonView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code wavequeue apply MANIFEST}. */
@Command(
        name = "apply",
        description = {
            "Make what is new or changed in a manifest, and follow it to its end.",
            "Interrupted at any point, the same command carries on; called twice, it spends nothing."
        })
final class ApplyCommand implements Callable<Integer> {

    private static final int PAGE = 1_000;

    private final Session session;

    @Mixin
    private final ApiOption api = new ApiOption();

    @Mixin
    private final ManifestOptions options = new ManifestOptions();

    @Option(names = "--plan", paramLabel = "ID", description = "Apply this plan, made before, or nothing.")
    private @Nullable String planId;

    @Option(names = "--yes", description = "Do not ask. Needed where nobody can be asked.")
    private boolean yes;

    @Option(names = "--all", description = "Show every take that would be made, and not the first 20.")
    private boolean all;

    @Option(names = "--no-watch", description = "Enqueue, and do not wait for the end.")
    private boolean noWatch;

    @Option(names = "--ignore-lock", description = "Buy again what the lock file says was bought elsewhere.")
    private boolean ignoreLock;

    @Option(names = "--download", paramLabel = "DIR", description = "Fetch the library's files there at the end.")
    private @Nullable String download;

    @Option(names = "--json", description = "Print a JSON object for each thing that happens, one on a line.")
    private boolean json;

    ApplyCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException {
        ClipText clips = new ClipText(session.out(), session.terminal());
        try (Prepared prepared = Prepared.of(session, options, api.address, json ? new Quiet() : clips)) {
            return apply(prepared);
        } catch (FaultsException e) {
            Path file = options.errorsFile(session);
            if (file != null) {
                FaultTable.write(file, e);
            }
            throw e;
        }
    }

    private int apply(Prepared prepared) throws InterruptedException {
        JsonNode plan = planId == null
                ? prepared.plan(options.quote).json()
                : prepared.api().plan(planId).json();
        String id = String.valueOf(Json.text(plan, "id"));
        LockFile lock = new LockFile(prepared.manifest().lockFile());
        show(prepared, plan);
        if (Json.text(plan, "batch_id") == null) {
            int refusal = refusal(prepared, plan, lock);
            if (refusal != ExitCode.OK) {
                return refusal;
            }
        } else if (!json) {
            say("this plan was applied before; its batch is followed");
        }
        session.screen()
                .farewell()
                .say("wavequeue: call the same command again: it finds out what was enqueued, and carries on");
        Batch batch = prepared.apply(id);
        session.screen().farewell().forget();
        return finish(prepared, batch, lock);
    }

    /** Why nothing is enqueued; {@link ExitCode#OK} = it may be. */
    private int refusal(Prepared prepared, JsonNode plan, LockFile lock) {
        LockGuard.BoughtAgain again = ignoreLock || !lock.exists()
                ? null
                : LockGuard.check(lock, prepared.api().planItems(String.valueOf(Json.text(plan, "id")), PAGE));
        if (again != null) {
            complain(
                    Counted.of(again.takes(), "take") + " that " + lock.path().getFileName()
                            + " has as bought would be bought again, for " + again.price()
                            + ": this API does not know them. Name the API that has them with --api, or agree with --ignore-lock.");
            return ExitCode.LOCKED;
        }
        return agreed(plan) ? ExitCode.OK : ExitCode.NOT_CONFIRMED;
    }

    private int finish(Prepared prepared, Batch batch, LockFile lock) throws InterruptedException {
        if (json) {
            JsonView.event(session.out(), "applied", "batch", batch.json());
        } else {
            long jobs = batch.count("total");
            say(jobs == 0 ? "nothing to make" : "enqueued " + Counted.of(jobs, "job") + " as batch " + batch.id());
        }
        List<String> batches = open(prepared, batch);
        if (noWatch) {
            if (!json) {
                batches.forEach(id -> say("follow it with: wavequeue watch " + id));
            }
            return ExitCode.OK;
        }
        int code = new Following(session, prepared.api(), json).follow(batches);
        if (!batches.isEmpty()) {
            LockText.settle(session, prepared.api(), prepared.library(), json);
        }
        LockText.write(session, prepared.api(), lock, prepared.library(), json);
        if (download != null) {
            AudioFolder folder =
                    new AudioFolder(prepared.api(), session.workingFolder().resolve(download));
            code = Math.max(
                    code, DownloadText.show(session, folder.fetch(prepared.api().takes(prepared.library())), json));
        }
        return code;
    }

    /** The new batch, and those that an earlier call left: their takes are not made again. */
    private List<String> open(Prepared prepared, Batch batch) {
        List<String> batches = new ArrayList<>(new Targets(prepared.api()).openBatches(prepared.library()));
        if (batch.count("total") > 0 && !batches.contains(batch.id())) {
            batches.add(batch.id());
        }
        return batches;
    }

    private void show(Prepared prepared, JsonNode plan) {
        if (json) {
            JsonView.event(session.out(), "plan", "plan", plan);
        } else {
            new PlanPrinter(session.out(), prepared.api(), all).print(plan);
            session.out().println();
        }
    }

    private boolean agreed(JsonNode plan) {
        Long jobs = Json.whole(plan, "jobs");
        return jobs == null
                || jobs == 0
                || new Consent(session, yes, json)
                        .given(
                                "Make " + Counted.of(jobs, "job") + " for " + PlanPrinter.price(plan) + "?",
                                "nothing was enqueued");
    }

    private void complain(String text) {
        session.err().println(Printable.line("wavequeue: " + text));
    }

    private void say(String text) {
        session.out().println(Printable.line(text));
    }
}
