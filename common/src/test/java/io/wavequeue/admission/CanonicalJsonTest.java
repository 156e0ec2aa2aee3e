package io.wavequeue.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalJsonTest {
    private static JsonNode json(String text) {
        return ((JsonRead.Value) StrictJson.read(text.getBytes(StandardCharsets.UTF_8))).json();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"b\":1,\"a\":2} | {\"a\":2,\"b\":1}",
                "{\"a\":{\"y\":[1,{\"d\":0,\"c\":null}]}} | { \"a\" : {\"y\":[1.0, {\"c\":null,\"d\":-0.0}]}}",
                "{\"a\":30} | {\"a\":3e1}",
                "{\"a\":0.10} | {\"a\":1e-1}",
                "{\"a\":100000000000000000000} | {\"a\":1e20}",
                "{\"a\":\"\\u00e4\"} | {\"a\":\"ä\"}",
                "{} | { }"
            })
    void shouldBeOneWhenTheMeaningIsOne(String one, String other) {
        assertThat(CanonicalJson.text(json(one))).isEqualTo(CanonicalJson.text(json(other)));
        assertThat(CanonicalJson.sha256(json(one))).isEqualTo(CanonicalJson.sha256(json(other)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\":1} | {\"a\":\"1\"}",
                "[1,2] | [2,1]",
                "{\"a\":null} | {}",
                "[[1],2] | [[1,2]]",
                "{\"a\":0.1} | {\"a\":0.10000000000000000001}",
                "{\"a\":{}} | {\"a\":[]}",
                "{\"a\":\"b\",\"c\":\"d\"} | {\"a\":\"b\\\",\\\"c\\\":\\\"d\"}"
            })
    void shouldDifferWhenTheMeaningDiffers(String one, String other) {
        assertThat(CanonicalJson.sha256(json(one))).isNotEqualTo(CanonicalJson.sha256(json(other)));
    }

    @Test
    void shouldBeAHashInHex() {
        assertThat(CanonicalJson.sha256(json("{}")))
                .isEqualTo("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[1]", "[{\"b\":1,\"a\":[2.0]},[],\"x\"]"})
    void shouldBeTheSameHashWhenAnArraysElementsComeOneByOne(String array) {
        CanonicalJson.ArrayDigest digest = new CanonicalJson.ArrayDigest();
        json(array).forEach(digest::add);

        assertThat(digest.sha256()).isEqualTo(CanonicalJson.sha256(json(array)));
    }
}
