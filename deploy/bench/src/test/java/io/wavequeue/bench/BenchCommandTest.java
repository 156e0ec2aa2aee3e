package io.wavequeue.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class BenchCommandTest {
    private final List<Measure> asked = new ArrayList<>();
    private final List<Integer> runs = new ArrayList<>();
    private final List<Map<String, String>> set = new ArrayList<>();
    private final StringWriter complaint = new StringWriter();

    @Test
    void shouldTakeWhatIsAskedFor() {
        int code = call(
                "end-to-end",
                "--latency=50ms",
                "--events=off",
                "--archive",
                "off",
                "--baselines=OFF",
                "--clips=7",
                "--runs=5",
                "--set=WAVEQUEUE_JAVA_OPTS=-Xmx1g -Xlog:gc");

        assertThat(code).isZero();
        assertThat(asked).containsExactly(new EndToEnd(Latency.parse("50ms"), false, false, false, 7, 1));
        assertThat(runs).containsExactly(5);
        assertThat(set).containsExactly(Map.of("WAVEQUEUE_JAVA_OPTS", "-Xmx1g -Xlog:gc"));
    }

    @Test
    void shouldRunThreeTimesWithEventsArchivingAndBaselinesUnlessToldOtherwise() {
        assertThat(call("end-to-end")).isZero();
        assertThat(asked).containsExactly(new EndToEnd(Latency.parse("instant"), true, true, true, 20_000, 1));
        assertThat(runs).containsExactly(3);
    }

    @Test
    void shouldRunEveryScenario() {
        assertThat(call("all", "--clips=10")).isZero();
        assertThat(asked)
                .extracting(Measure::name)
                .contains(
                        "end-to-end",
                        "enqueue-single",
                        "enqueue-bulk",
                        "in-flight",
                        "limits",
                        "overhead",
                        "lanes",
                        "clients",
                        "polling");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "end-to-nowhere",
                "end-to-end --latency=soon",
                "end-to-end --events=perhaps",
                "end-to-end --clips=0",
                "end-to-end --runs=0",
                "limits --in-flight=-1",
                "overhead --seconds=x",
                "clients --open=0",
                "polling --clips=-3"
            })
    void shouldRefuseWrongWordsAndMeasureNothing(String words) {
        assertThat(call(words.split(" ", 0))).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(asked).isEmpty();
        assertThat(complaint.toString()).isNotBlank();
    }

    @Test
    void shouldFailWithTheReasonWhenARunFailsItsChecks() {
        CommandLine line = Main.commandLine((scenario, number, more) -> {
            throw new BenchFailedException("of 7 jobs not all succeeded: [failed 7]");
        });

        assertThat(line.setErr(new PrintWriter(complaint, true)).execute("overhead"))
                .isEqualTo(CommandLine.ExitCode.SOFTWARE);
        assertThat(complaint.toString()).isEqualToIgnoringNewLines("FAILED: of 7 jobs not all succeeded: [failed 7]");
    }

    private int call(String... words) {
        CommandLine line = Main.commandLine((scenario, number, more) -> {
            asked.add(scenario);
            runs.add(number);
            set.add(more);
        });
        return line.setErr(new PrintWriter(complaint, true)).execute(words);
    }
}
