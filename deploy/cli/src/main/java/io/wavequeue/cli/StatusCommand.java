package io.wavequeue.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.cli.client.ApiAnswer;
import io.wavequeue.cli.client.Batch;
import io.wavequeue.cli.client.Json;
import io.wavequeue.cli.client.LibraryApi;
import io.wavequeue.cli.client.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code wavequeue status [BATCH|LIBRARY|JOB]}. */
@Command(
        name = "status",
        description = "Show a batch, a library's batches or one job; without a word, the newest batches.")
final class StatusCommand implements Callable<Integer> {

    private final Session session;

    @Mixin
    private final ApiOption api = new ApiOption();

    @Mixin
    private final AnswerPrinter printer = new AnswerPrinter();

    @Parameters(
            arity = "0..1",
            paramLabel = "BATCH|LIBRARY|JOB",
            description = "The id of a batch or a job, or a library's name.")
    private @Nullable String target;

    StatusCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException {
        LibraryApi libraries = session.libraries(api.address);
        if (target == null) {
            Page page = libraries.batches(null, null);
            List<Batch> batches = new ArrayList<>();
            page.items().forEach(json -> batches.add(Batch.of(json)));
            batches(null, batches);
        } else if (Targets.isId(target)) {
            Optional<ApiAnswer> batch = libraries.findBatch(target);
            if (batch.isPresent()) {
                printer.print(session.out(), batch.get(), BatchText::of);
            } else {
                printer.print(session.out(), session.api(api.address).job(target), JobText::of);
            }
        } else {
            Targets targets = new Targets(libraries);
            String library = targets.library(target);
            batches(library, targets.batches(library));
        }
        return ExitCode.OK;
    }

    private void batches(@Nullable String library, List<Batch> batches) {
        if (!printer.json) {
            BatchText.list(batches).forEach(session.out()::println);
            return;
        }
        ObjectNode answer = Json.object();
        if (library != null) {
            answer.put("name", library);
        }
        var items = answer.putArray("items");
        batches.stream().map(Batch::json).forEach((JsonNode json) -> items.add(json));
        printer.print(session.out(), answer);
    }
}
