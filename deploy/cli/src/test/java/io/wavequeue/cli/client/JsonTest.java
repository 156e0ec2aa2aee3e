package io.wavequeue.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonTest {

    @Test
    void shouldKeepEveryDigitWhenAmountIsNumberOrString() throws IOException {
        JsonNode json = read("{\"a\":0.100001,\"b\":\"12345678.000001\",\"c\":3,\"d\":null}");
        assertThat(Json.usd(json, "a")).isEqualTo(new BigDecimal("0.100001"));
        assertThat(Json.usd(json, "b")).isEqualTo(new BigDecimal("12345678.000001"));
        assertThat(Json.usd(json, "c")).isEqualTo(new BigDecimal("3"));
        assertThat(Json.usd(json, "d")).isNull();
        assertThat(Json.usd(json, "e")).isNull();
    }

    @Test
    void shouldRefuseWhenAmountIsAWord() throws IOException {
        JsonNode json = read("{\"a\":\"much\"}");
        assertThatThrownBy(() -> Json.usd(json, "a"))
                .isInstanceOf(ApiUnreadableException.class)
                .hasMessageContaining("'much'");
    }

    @Test
    void shouldRefuseWhenBodyIsEmpty() {
        assertThatThrownBy(() -> read("")).isInstanceOf(IOException.class);
    }

    private static JsonNode read(String json) throws IOException {
        return Json.read(json.getBytes(StandardCharsets.UTF_8));
    }
}
