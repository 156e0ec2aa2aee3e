package io.wavequeue.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.cli.client.ApiAnswer;
import io.wavequeue.cli.client.Json;
import io.wavequeue.cli.clip.ClipText;
import io.wavequeue.cli.manifest.FaultsException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code wavequeue plan MANIFEST}. */
@Command(
        name = "plan",
        description = {
            "Show what a manifest would make, change and leave alone in its library, and what that costs.",
            "Nothing is enqueued; local source clips are uploaded, which costs nothing."
        })
final class PlanCommand implements Callable<Integer> {

    private static final int FIRST = 20;
    private static final int PAGE = 1_000;

    private final Session session;

    @Mixin
    private final ApiOption api = new ApiOption();

    @Mixin
    private final ManifestOptions options = new ManifestOptions();

    @Option(names = "--all", description = "Show every take that would be made, and not the first 20.")
    private boolean all;

    @Option(names = "--exit-code", description = "End with " + ExitCode.CHANGES + " when there is something to do.")
    private boolean exitCode;

    @Option(names = "--json", description = "Print the plan as one JSON object, with its items.")
    private boolean json;

    PlanCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (Prepared prepared = Prepared.of(session, options, api.address, json ? new Quiet() : clips())) {
            ApiAnswer answer = prepared.plan(options.quote);
            JsonNode plan = answer.json();
            if (json) {
                print(prepared, plan);
            } else {
                new PlanPrinter(session.out(), prepared.api(), all).print(plan);
                session.out()
                        .println(PlanPrinter.changes(plan) ? "\nApply it with:\n  " + apply(plan) : "\nNothing to do.");
            }
            return exitCode && PlanPrinter.changes(plan) ? ExitCode.CHANGES : ExitCode.OK;
        } catch (FaultsException e) {
            Path file = options.errorsFile(session);
            if (file != null) {
                FaultTable.write(file, e);
            }
            throw e;
        }
    }

    private ClipText clips() {
        return new ClipText(session.out(), session.terminal());
    }

    /** The same words, since the plan holds for the same file and settings. */
    private String apply(JsonNode plan) {
        return "wavequeue apply " + options.words() + " --plan " + Json.text(plan, "id");
    }

    /** The API's object with one more field, written while it is read. */
    private void print(Prepared prepared, JsonNode plan) {
        PrintStream out = session.out();
        String object = plan.toString();
        write(out, object.substring(0, object.length() - 1) + ",\"items\":[");
        @Nullable String id = Json.text(plan, "id");
        int shown = 0;
        for (JsonNode item : prepared.api().planItems(String.valueOf(id), all ? PAGE : FIRST)) {
            if (!all && shown == FIRST) {
                break;
            }
            write(out, (shown++ == 0 ? "" : ",") + item);
        }
        write(out, "]}\n");
        out.flush();
    }

    private static void write(PrintStream out, String text) {
        // Bytes, not characters: the terminal's charset must not change them.
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write(bytes, 0, bytes.length);
    }
}
