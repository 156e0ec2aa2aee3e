package io.wavequeue.cli;

import io.wavequeue.cli.client.ApiException;
import io.wavequeue.cli.client.ApiRefusedException;
import io.wavequeue.cli.client.ApiUnreachableException;
import io.wavequeue.cli.client.ApiUnreadableException;
import io.wavequeue.cli.client.InterruptedReadException;
import io.wavequeue.cli.client.Problem;
import io.wavequeue.cli.manifest.FaultsException;
import io.wavequeue.cli.screen.NearestWord;
import io.wavequeue.cli.screen.Printable;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What goes wrong becomes a sentence on stderr and an exit code, here and nowhere else. */
final class Complaints {

    /** Words that the launcher script takes; typed a little wrong, they arrive here. */
    private static final List<String> LAUNCHER_WORDS = List.of("up", "test", "train", "chaos", "conformance", "bench");

    private static final String AGREE = "--yes";
    private static final String OUTDATED = "plan_outdated";

    /** What to do about problems that the API has a word for. */
    private static final Map<String, String> REMEDIES = Map.of(
            OUTDATED,
            "`wavequeue plan` makes a new one; without --plan, apply makes its own.",
            "unknown_price",
            "Nothing was enqueued. Agree to prices that nobody knows with --unknown-price accept.");

    private final PrintStream err;

    Complaints(PrintStream err) {
        this.err = err;
    }

    int wrongUsage(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        String what = e instanceof UnmatchedArgumentException unmatched
                ? unmatched(command, unmatched)
                : String.valueOf(e.getMessage());
        say(what + "; see `" + command.getCommandSpec().qualifiedName() + " --help`");
        return ExitCode.USAGE;
    }

    int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
        return switch (e) {
            case ApiException api -> refused(api);
            case InterruptedException _ -> {
                Thread.currentThread().interrupt();
                say("interrupted; jobs that were enqueued go on");
                yield ExitCode.INTERRUPTED;
            }
            case FaultsException faulty -> faults(faulty);
            case InterruptedReadException _ -> failed(new InterruptedException(), command, parsed);
            case UncheckedIOException file -> {
                Throwable cause = file.getCause();
                say(file.getMessage() + (cause == null ? "" : ": " + reason(cause)));
                yield ExitCode.FILE;
            }
            case IllegalArgumentException wrong -> {
                say(String.valueOf(wrong.getMessage()));
                yield ExitCode.USAGE;
            }
            default -> {
                say("a fault of this program: " + e);
                e.printStackTrace(err);
                yield ExitCode.INTERNAL;
            }
        };
    }

    private int refused(ApiException e) {
        return switch (e) {
            case ApiUnreachableException gone -> {
                say("no Wavequeue API answers at " + gone.address() + " (" + gone.reason()
                        + "): start it with `./wavequeue up`, or name another with --api.");
                yield ExitCode.UNREACHABLE;
            }
            case ApiRefusedException refused -> {
                problem(refused);
                yield OUTDATED.equals(refused.problem().code()) ? ExitCode.OUTDATED : ExitCode.REFUSED;
            }
            case ApiUnreadableException odd -> {
                say(String.valueOf(odd.getMessage()));
                yield ExitCode.REFUSED;
            }
        };
    }

    private int faults(FaultsException faulty) {
        long count = faulty.count();
        say((count == 1 ? "there is a fault" : "there are %,d faults".formatted(count)) + "; nothing was enqueued");
        faulty.faults().forEach(fault -> err.println(Printable.line(fault.toString())));
        long more = count - faulty.faults().size();
        if (more > 0) {
            err.println("and %,d more".formatted(more));
        }
        return ExitCode.INVALID;
    }

    /** Exceptions about files have no more than a file's name as their message. */
    private static String reason(Throwable cause) {
        return switch (cause) {
            case NoSuchFileException _ -> "there is none";
            case AccessDeniedException _ -> "access is denied";
            case MalformedInputException _ -> "it is not UTF-8";
            default -> cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        };
    }

    private void problem(ApiRefusedException refused) {
        Problem problem = refused.problem();
        say(problem.title() + " (HTTP " + refused.status() + ")");
        Set<String> more = new LinkedHashSet<>(); // of a single bad field, the detail says the same
        if (problem.detail() != null && !problem.detail().equals(problem.title())) {
            more.add(ApiWords.translated(problem.detail()));
        }
        problem.fields().forEach(field -> more.add(ApiWords.translated(field.toString())));
        if (refused.status() == 401) {
            more.add("The API wants a key: set WAVEQUEUE_API_KEY.");
        }
        String remedy = problem.code() == null ? null : REMEDIES.get(problem.code());
        if (remedy != null) {
            more.add(remedy);
        }
        more.forEach(line -> err.println("  " + Printable.line(line)));
    }

    private static String unmatched(CommandLine command, UnmatchedArgumentException e) {
        String word = e.getUnmatched().isEmpty() ? "" : e.getUnmatched().getFirst();
        if (word.startsWith("-")) {
            return "there is no option '" + word + "'" + meant(word, options(command));
        }
        if (command.getParent() != null) {
            return "'" + word + "' is one word too many";
        }
        if (LAUNCHER_WORDS.contains(word)) {
            return "'" + word + "' is a word of the launcher script: `./wavequeue " + word + "`";
        }
        List<String> words = words(command);
        String nearest = meant(word, words);
        return "there is no command '" + word + "'"
                + (nearest.isEmpty() ? "; there are " + String.join(", ", words) : nearest);
    }

    private static String meant(String word, List<String> known) {
        return NearestWord.of(word, known)
                .map(n -> ", did you mean '" + n + "'")
                .orElse("");
    }

    private static List<String> words(CommandLine command) {
        List<String> words = new ArrayList<>(command.getSubcommands().keySet());
        words.addAll(LAUNCHER_WORDS);
        return words;
    }

    /** Those that may be meant; whoever mistypes an option is not led to agree unseen. */
    private static List<String> options(CommandLine command) {
        return command.getCommandSpec().optionsMap().keySet().stream()
                .filter(option -> !option.equals(AGREE))
                .toList();
    }

    private void say(String text) {
        err.println("wavequeue: " + Printable.line(text));
    }
}
