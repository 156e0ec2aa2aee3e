package io.wavequeue.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.admission.JsonRead.Malformed;
import io.wavequeue.admission.JsonRead.Value;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTest {
    private static JsonRead read(String json) {
        return StrictJson.read(json.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1.10,\"b\":30.0,\"c\":0.30000000000000000001,\"d\":123456789012345678901234567890}",
                "{\"z\":1,\"a\":2}",
                "[null,true,false,\"x\\ny\",-1,-0.5]",
                "\"ä€😀\"",
                "{}"
            })
    void shouldWriteWhatItRead(String json) {
        assertThat(read(json)).isInstanceOfSatisfying(Value.class, value -> assertThat(StrictJson.write(value.json()))
                .isEqualTo(json));
    }

    @Test
    void shouldKeepTheValueWhenANumberHasAnExponent() {
        assertThat(read("1e2")).isInstanceOfSatisfying(Value.class, value -> assertThat(
                        value.json().decimalValue())
                .isEqualByComparingTo("100"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":1,\"a\":2} | Duplicate field 'a'",
                "{\"a\":{\"b\":1,\"b\":2}} | Duplicate field 'b'",
                "{} x | Unrecognized token",
                "{}{} | follows",
                "1 2 | follows",
                "1e301 | too large",
                "1e-301 | too large",
                "1E1000000000 | too large",
                "-1e+99999999999999999999 | too large",
                "NaN | Non-standard token",
                "` ` | nothing to read"
            })
    void shouldSayWhyWhenItIsNotAccepted(String json, String reason) {
        assertThat(read(json)).isInstanceOfSatisfying(Malformed.class, bad -> assertThat(bad.reason())
                .contains(reason));
    }

    @Test
    void shouldTellThePlace() {
        assertThat(read("{\"a\": 1,\n  \"b\": 1e999}"))
                .isInstanceOfSatisfying(Malformed.class, bad -> assertThat(bad.line() + ":" + bad.column())
                        .isEqualTo("2:8"));
    }

    @Test
    void shouldTellThePlaceWhenBytesAreNotUtf8() {
        byte[] bytes = "{\"a\":\n\"xä".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(StrictJson.read(bytes)).isEqualTo(new Malformed("byte 9 is not UTF-8", 2, 3));
    }

    @Test
    void shouldAllowUsualDepthAndNoMore() {
        assertThat(read("[".repeat(32) + "]".repeat(32))).isInstanceOf(Value.class);
        assertThat(read("[".repeat(33) + "]".repeat(33)))
                .isInstanceOfSatisfying(
                        Malformed.class, bad -> assertThat(bad.reason()).contains("32 levels"));
    }

    @Test
    void shouldTellThePlaceOfANameThatIsTooLong() {
        String json = "{\"a\":1,\n \"%s\":2}";

        assertThat(read(json.formatted("n".repeat(1_000)))).isInstanceOf(Value.class);
        assertThat(read(json.formatted("n".repeat(1_000_000))))
                .isEqualTo(new Malformed("a name of 1,000,000 characters; at most 1,000 are allowed", 2, 2));
    }

    @Test
    void shouldKeepNoNameForLaterReaders() {
        String json = "{\"a name that only strangers use\":1}";

        assertThat(firstName(json)).isEqualTo(firstName(json)).isNotSameAs(firstName(json));
    }

    private static String firstName(String json) {
        return ((Value) read(json)).json().fieldNames().next();
    }

    @Test
    void shouldAllowManyListsBesideEachOther() {
        assertThat(read("[" + "[],".repeat(1_000) + "{}]")).isInstanceOf(Value.class);
    }

    @Test
    @Timeout(20)
    void shouldRefuseCheaplyWhenTheBodyIsMadeToHurt() {
        long start = System.nanoTime();
        for (int i = 0; i < 50; i++) {
            assertThat(read("9".repeat(1_000_000))).isInstanceOf(Malformed.class);
            assertThat(read("[".repeat(1_000_000))).isInstanceOf(Malformed.class);
            assertThat(read("1e-1000000000")).isInstanceOf(Malformed.class);
            assertThat(read("0." + "0".repeat(1_000_000))).isInstanceOf(Malformed.class);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    }
}
