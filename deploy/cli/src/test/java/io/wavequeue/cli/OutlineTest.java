package io.wavequeue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class OutlineTest {

    @Test
    void shouldIndentObjectsAndJoinPlainListsWhenNested() throws JsonProcessingException {
        var json = new ObjectMapper().readTree("""
                {"model":"x","formats":["mp3","wav"],"price":{"usd":0.02},"none":{},"gone":null,
                 "rules":[{"field":"a","max":3},{"field":"b"}]}""");
        assertThat(Outline.of(json))
                .containsExactly(
                        "model    x",
                        "formats  mp3, wav",
                        "price",
                        "  usd  0.02",
                        "rules",
                        "  - field  a",
                        "    max    3",
                        "  - field  b");
    }
}
