package io.wavequeue.api.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class NdjsonManifestTest {
    private static ReadLines read(String ndjson) {
        return ReadLines.of(new NdjsonManifest(), ndjson.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldGiveEachLineWithItsNumber() {
        assertThat(read("\uFEFF{\"a\":1}\r\n\n \t\r\n{\"b\":2.50}").requests)
                .containsExactly("1: {\"a\":1}", "4: {\"b\":2.50}");
    }

    @Test
    void shouldNameEachLineThatIsNotJson() {
        ReadLines read = read("{\"a\":1\n{\"b\":2} x\n[]\n{\"c\":1,\"c\":2}\n" + "x".repeat(LineBound.MOST_CHARS + 1)
                + "\n{\"d\":4}\n");

        assertThat(read.errors)
                .satisfiesExactly(
                        error -> assertThat(error)
                                .isEqualTo(
                                        "1: : is not JSON: Unexpected end-of-input: expected close marker for Object (column 7)"),
                        error -> assertThat(error)
                                .startsWith("2: : is not JSON: ")
                                .endsWith("(column 9)"),
                        error -> assertThat(error)
                                .startsWith("4: : is not JSON: ")
                                .contains("'c'"),
                        error -> assertThat(error).isEqualTo("5: : is longer than 1,048,576 bytes"));
        assertThat(read.requests).containsExactly("3: []", "6: {\"d\":4}");
    }

    @Test
    void shouldGiveLinesThatAreLongerThanTheBuffer() {
        String line = "{\"a\":\"" + "x".repeat(200_000) + "\"}";

        assertThat(read(line + "\n" + line).requests).containsExactly("1: " + line, "2: " + line);
    }
}
