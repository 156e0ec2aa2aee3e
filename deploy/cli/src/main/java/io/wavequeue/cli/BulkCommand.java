package io.wavequeue.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.cli.client.BulkKind;
import io.wavequeue.cli.client.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What {@code replay}, {@code cancel}, {@code hold}, {@code release} and {@code resolve} have in common. */
@Command
abstract class BulkCommand implements Callable<Integer> {

    final Session session;
    private final BulkKind kind;

    @Mixin
    final ApiOption api = new ApiOption();

    @Mixin
    final FilterOptions filter = new FilterOptions();

    @Option(names = "--status", paramLabel = "STATUS", description = "Jobs in this state; repeated: in one of them.")
    private List<String> statuses = new ArrayList<>();

    @Option(names = "--all", description = "Every job that it can be done to. Needed when nothing is selected.")
    private boolean all;

    @Option(names = "--rate", paramLabel = "N", description = "At most so many jobs a minute.")
    private @Nullable Integer rate;

    @Option(names = "--note", paramLabel = "TEXT", description = "Why, for the record.")
    private @Nullable String note;

    @Option(names = "--dry-run", description = "Show what it would be about, and change nothing.")
    private boolean dryRun;

    @Option(names = "--yes", description = "Do not ask. Needed where nobody can be asked.")
    private boolean yes;

    @Option(names = "--wait", negatable = true, description = "Whether to follow it to its end (default: yes).")
    private @Nullable Boolean wait;

    @Option(names = "--json", description = "Print a JSON object for each thing that happens, one on a line.")
    boolean json;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "Idempotency key: however often the same is asked for with it, it is made once.")
    private @Nullable String key;

    @Spec
    private @Nullable CommandSpec spec;

    BulkCommand(Session session, BulkKind kind) {
        this.session = session;
        this.kind = kind;
    }

    /** Ids of jobs that are given without {@code --job}. */
    List<String> named() {
        return List.of();
    }

    /** What the person is asked, such as {@code Replay 12 jobs}. */
    abstract String question(String jobs);

    /** What cannot be taken back, said behind the question; empty = nothing. */
    String caution() {
        return "";
    }

    /** What the API is asked for, beside what all kinds are asked with. */
    abstract void complete(ObjectNode request);

    @Override
    public Integer call() throws InterruptedException {
        filter.jobs.addAll(named());
        ObjectNode request = Json.object();
        request.set("filter", selected());
        complete(request);
        if (rate != null) {
            request.put("rate_per_minute", rate);
        }
        String by = session.user();
        if (by != null) {
            request.put("requested_by", by);
        }
        if (note != null) {
            request.put("note", note);
        }
        Ordering.Ways ways = new Ordering.Ways(dryRun, yes, !Boolean.FALSE.equals(wait), json, key);
        return new Ordering(session, session.bulk(api.address), kind, ways)
                .carryOut(request, new Ordering.Question(this::question, caution()));
    }

    /** Whether the words leave it open which jobs are meant. */
    boolean nothingSelected() {
        return filter.empty() && statuses.isEmpty();
    }

    /** Whether a batch is named, and nothing else. */
    boolean batchAlone() {
        return filter.batchAlone() && statuses.isEmpty() && !all;
    }

    /** The filter; a word that forgets to say which jobs must not be about all of them. */
    ObjectNode selected() {
        refuseAllBesideFilter();
        if (nothingSelected() && !all) {
            throw wrong(
                    "which jobs? Name some by --batch, --replay, --model, --error-class, --fingerprint, --job or another filter; --all means every one");
        }
        return chosen(filter.filter());
    }

    /** Refuses {@code --all} beside a filter: they contradict each other. */
    void refuseAllBesideFilter() {
        if (all && !nothingSelected()) {
            throw wrong("--all is every job, and a filter is not: give either --all or "
                    + (filter.empty() ? "--status" : filter.given()));
        }
    }

    /** The filter with the states, which not every command has to choose from. */
    ObjectNode chosen(ObjectNode chosen) {
        addAll(chosen, "status", statuses);
        return chosen;
    }

    /** Several values of a field mean one of them; none leave it out. */
    static void addAll(ObjectNode to, String field, List<String> values) {
        if (!values.isEmpty()) {
            ArrayNode list = to.putArray(field);
            values.forEach(list::add);
        }
    }

    /** Refuses options that say nothing about what was named by its id. */
    void refuseAllBut(Set<String> allowed, String why) {
        if (spec != null) {
            for (var option : spec.commandLine().getParseResult().matchedOptions()) {
                if (!allowed.contains(option.longestName())) {
                    throw wrong(option.longestName() + " " + why);
                }
            }
        }
    }

    final RuntimeException wrong(String what) {
        return wrong(spec, what);
    }

    /** A mistake in how a command is used. */
    static RuntimeException wrong(@Nullable CommandSpec spec, String what) {
        return spec == null ? new IllegalArgumentException(what) : new ParameterException(spec.commandLine(), what);
    }
}
