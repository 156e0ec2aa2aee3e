package io.wavequeue.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.cli.client.ApiAnswer;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** {@code --json}: prints an answer as it came, or as lines for people. */
final class AnswerPrinter {

    @Option(names = "--json", description = "Print the API's JSON.")
    boolean json;

    void print(PrintStream out, ApiAnswer answer, Function<JsonNode, List<String>> lines) {
        if (!json) {
            lines.apply(answer.json()).forEach(out::println);
            return;
        }
        print(out, answer.raw());
    }

    /** Prints an object that was put together of what the API answered. */
    void print(PrintStream out, JsonNode answer) {
        print(out, answer.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Bytes, not characters: the terminal's charset must not change them. */
    private static void print(PrintStream out, byte[] raw) {
        out.write(raw, 0, raw.length);
        if (raw.length == 0 || raw[raw.length - 1] != '\n') {
            out.write('\n');
        }
        out.flush();
    }
}
