package io.wavequeue.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CommandTest {

    @Test
    void shouldUseTheDefaultsWhenUpHasNoOptions() throws UsageException {
        assertThat(Command.parse(List.of("up")))
                .isEqualTo(new Command.Up(8080, 1, Path.of("wavequeue-data"), "127.0.0.1"));
    }

    @Test
    void shouldTakeEveryOptionOfUpInEitherSpelling() throws UsageException {
        assertThat(Command.parse(List.of("up", "--port", "9000", "--workers=3", "--data", "d", "--host=0.0.0.0")))
                .isEqualTo(new Command.Up(9000, 3, Path.of("d"), "0.0.0.0"));
    }

    @Test
    void shouldTakeEveryOptionOfDemo() throws UsageException {
        assertThat(Command.parse(List.of("demo", "--real", "--data", "d")))
                .isEqualTo(new Command.Demo(Path.of("d"), true));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "up --colour red    | Unknown option '--colour' of up: it knows --port, --workers, --data and --host.",
                "demo --port 1      | Unknown option '--port' of demo: it knows --data and --real.",
                "up extra           | Unknown option 'extra' of up: it knows --port, --workers, --data and --host.",
                "up --port          | --port needs a value.",
                "up --data --port 1 | --data needs a value.",
                "up --port http     | --port is a number from 1 to 65535, not 'http'.",
                "up --port 0        | --port is a number from 1 to 65535, not '0'.",
                "up --workers 65    | --workers is a number from 1 to 64, not '65'.",
                "demo --real=yes    | --real takes no value.",
                "down               | Unknown word 'down': it is up or demo.",
            })
    void shouldSayWhatIsWrongWhenTheWordsAreNotUnderstood(String words, String sentence) {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> Command.parse(List.of(words.split(" "))))
                .withMessage(sentence);
    }
}
