package io.wavequeue.library;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.library.NameTemplate.Filled;
import io.wavequeue.library.NameTemplate.Parsed;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NameTemplateTest {
    private static final Map<String, String> LABELS = Map.of("category", "Ambience", "empty", "");

    private static Filled fill(String template) {
        return fill(template, "wind/low");
    }

    private static Filled fill(String template, String reference) {
        return switch (NameTemplate.parse(template)) {
            case Parsed.Good(NameTemplate parsed) ->
                parsed.fill(reference, "stability-ai/stable-audio-3/music", 7, LABELS);
            case Parsed.Bad(String problem) -> new Filled.Bad(problem);
        };
    }

    @ParameterizedTest
    @CsvSource({
        "'{category}/{reference}_{take:02}.{ext}', Ambience/wind/low_07, Ambience/wind/low",
        "'{reference}.{ext}', wind/low, wind/low",
        "'{reference}', wind/low, wind/low",
        "'{model}/{take}-{reference}', music/7-wind/low, music/-wind/low",
        "'{reference} ({take:03})', wind/low (007), wind/low ()",
        "'{take}', 7, ''"
    })
    void shouldNameTakesAndCues(String template, String take, String cue) {
        Filled filled = fill(template);
        if (cue.isEmpty()) {
            assertThat(filled).isInstanceOfSatisfying(Filled.Bad.class, bad -> assertThat(bad.problem())
                    .contains("empty folder or file name"));
        } else {
            assertThat(filled).isInstanceOfSatisfying(Filled.Good.class, good -> {
                assertThat(good.names().take()).isEqualTo(take);
                assertThat(good.names().cue()).isEqualTo(cue);
                assertThat(good.names().takeFolded()).isEqualTo(take.toLowerCase(java.util.Locale.ROOT));
            });
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'{ext}/{reference}', elsewhere than at its end",
        "'{reference', opens or closes no field",
        "'{}x', field without a name",
        "'{take:2}', '{take:02} with zeros in front'",
        "'{categroy}/{reference}', 'did you mean {category}?'",
        "'{empty}/{reference}', 'names {empty}, which this line does not have'",
        "'../{reference}', leads out of its folder",
        "'/{reference}', empty folder or file name",
        "'a//{reference}', empty folder or file name",
        "'{reference}:{take}', 'has a character that files may not have'",
        "'nul', Windows keeps for itself",
        "'Com1.x/{reference}', Windows keeps for itself",
        "'.{reference}', begins with a point",
        "'{reference} /x', begins or ends with a blank",
        "'{reference}./x', ends with a point"
    })
    void shouldSayWhatIsWrong(String template, String problem) {
        assertThat(fill(template)).isInstanceOfSatisfying(Filled.Bad.class, bad -> assertThat(bad.problem())
                .contains(problem));
    }

    @Test
    void shouldNotBeLedAstrayByValues() {
        assertThat(fill("{reference}.{ext}", "../../etc/passwd")).isInstanceOf(Filled.Bad.class);
        assertThat(fill("{reference}.{ext}", "a\\b")).isInstanceOf(Filled.Bad.class);
        assertThat(fill("{reference}.{ext}", "$1 {take}")).isInstanceOfSatisfying(Filled.Good.class, good -> assertThat(
                        good.names().take())
                .isEqualTo("$1 {take}"));
        assertThat(fill("{reference}.{ext}", "x".repeat(201))).isInstanceOf(Filled.Bad.class);
    }

    @Test
    void shouldGiveOneSeedPerKeyAndRetake() {
        String key = "0".repeat(64);
        assertThat(Seed.of(key, 0)).isEqualTo(Seed.of(key, 0)).isNotNegative().isNotEqualTo(Seed.of(key, 1));
        assertThat(Seed.into("{\"a\":1.50,\"seed\":-1}", 5)).isEqualTo("{\"a\":1.50,\"seed\":5}");
    }
}
