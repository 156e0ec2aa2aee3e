package io.wavequeue.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.admission.JsonRead.Malformed;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JsonElementsTest {
    private final List<String> taken = new ArrayList<>();

    private Optional<Malformed> read(String json) throws IOException {
        return JsonElements.read(new StringReader(json), new JsonElements.Taker() {
            @Override
            public void begin(int line) {
                taken.add("begin " + line);
            }

            @Override
            public void take(JsonNode element) {
                taken.add(element.toString());
            }
        });
    }

    @Test
    void shouldTellWhereEachBeginsEvenWhenItCannotBeRead() throws IOException {
        assertThat(read("[\n[1,\n2],\n{\n\"a\":x}]"))
                .hasValueSatisfying(bad -> assertThat(bad.line()).isEqualTo(5));
        assertThat(taken).containsExactly("begin 2", "[1,2]", "begin 4");
    }

    @Test
    void shouldTakeElementsAsDeepAsAValueThatStandsAlone() throws IOException {
        String deepest = "[".repeat(StrictJson.DEEPEST) + "]".repeat(StrictJson.DEEPEST);

        assertThat(read("[" + deepest + "]")).isEmpty();
        assertThat(taken).containsExactly("begin 1", deepest);
        assertThat(read("[\n[" + deepest + "]]"))
                .hasValueSatisfying(
                        bad -> assertThat(bad.text()).contains("32 levels").contains("line 2"));
    }
}
