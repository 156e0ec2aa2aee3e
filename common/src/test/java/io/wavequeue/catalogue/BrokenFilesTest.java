package io.wavequeue.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a person reads whose catalogue file is not as it should be. */
class BrokenFilesTest {
    @TempDir
    Path folder;

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private Catalogue load() {
        return Catalogue.load(folder, null);
    }

    static Stream<Arguments> brokenParts() {
        return Stream.of(
                Arguments.of(
                        "\"0.01\"",
                        "0.01",
                        ", at /price/per_second_usd: 0.01 is not allowed; it must be an amount in USD as a decimal string such as \"0.0217\""),
                Arguments.of(
                        "\"0.01\"",
                        "\"1e-2\"",
                        ", at /price/per_second_usd: \"1e-2\" is not allowed; it must be an amount in USD as a decimal string such as \"0.0217\""),
                Arguments.of(
                        "\"0.01\"",
                        "\"-0.01\"",
                        ", at /price/per_second_usd: \"-0.01\" is not allowed; it must be an amount in USD as a decimal string such as \"0.0217\""),
                Arguments.of(
                        "\"rounding\"",
                        "\"rouding\"",
                        ", at /price/rouding: unknown key \"rouding\"; did you mean \"rounding\"?"),
                Arguments.of("\"ceil\"", "\"up\"", ", at /price/rounding: must be \"none\" or \"ceil\""),
                Arguments.of("\"extension\"", "\"all\"", ", at /price/basis: must be \"extension\" or \"output\""),
                Arguments.of(
                        "\"extension\"",
                        "\"output\"",
                        ", at /price/basis: output needs source_field and max_source_seconds"),
                Arguments.of(
                        "\"seconds_of\": [\"seconds\"]",
                        "\"seconds_of\": [\"second\"]",
                        ", at /price/seconds_of/0: \"second\" is not a number among the input's fields"),
                Arguments.of(
                        "\"seconds_of\": [\"seconds\"]",
                        "\"seconds_of\": \"seconds\"",
                        ", at /price/seconds_of: \"seconds\" is not allowed; it must be a list of names"),
                Arguments.of(
                        "\"maximum\": 9, \"default\": 3",
                        "\"maximum\": 9",
                        ", at /price/seconds_of: seconds has no default and is not required: the price is not known"),
                Arguments.of(
                        "\"per_second_usd\": \"0.01\",",
                        "\"per_run_usd\": \"1\", \"per_second_usd\": \"0.01\",",
                        ", at /price/per_run_usd: a price has either per_run_usd or per_second_usd"),
                Arguments.of(
                        "\"per_second_usd\": \"0.01\", \"seconds_of\": [\"seconds\"], \"basis\": \"extension\",",
                        "\"per_run_usd\": \"0.01\",",
                        ", at /price/rounding: goes with per_second_usd only"),
                Arguments.of(
                        "\"title\": \"Chime\"",
                        "\"title\": \"\"",
                        ", at /title: \"\" is not allowed; it must be a text"),
                Arguments.of("\"title\"", "\"tilte\"", ", at /tilte: unknown key \"tilte\"; did you mean \"title\"?"),
                Arguments.of("\"kind\": \"text-to-audio\",", "", ", at /kind: is required"),
                Arguments.of(
                        "acme/chime",
                        "../chime",
                        ", at /model: \"../chime\" is not allowed; it must be the provider's name of the model, such as \"owner/family/model\""),
                Arguments.of(
                        "\"minimum\": 0",
                        "\"minimun\": 0",
                        ", at /input/properties/seconds/minimun: unknown key \"minimun\"; did you mean \"minimum\"?"),
                Arguments.of(
                        "\"minimum\": 0",
                        "\"minimum\": \"0\"",
                        ", at /input/properties/seconds/minimum: is not valid JSON Schema: \"0\" string found, number expected"),
                Arguments.of(
                        "\"minimum\": 0",
                        "\"minimum\": 10",
                        ", at /input/properties/seconds/minimum: is above maximum, so that nothing is allowed"),
                Arguments.of(
                        "\"minimum\": 0",
                        "\"minimum\": 1e999999999",
                        ", at /input/properties/seconds/minimum: 1E+999999999 is too large or too exact a number; at most 40 digits before and after the point are allowed"),
                Arguments.of(
                        "\"default\": 3",
                        "\"default\": 10",
                        ", at /input/properties/seconds/default: 10 is above the maximum of 9"),
                Arguments.of(
                        "\"type\": \"string\"",
                        "\"type\": \"string\", \"format\": \"audio\"",
                        ", at /input/properties/words/format: \"audio\" is not a known format; use one of audio-source, date, date-time, uri, uuid"),
                Arguments.of(
                        "\"type\": \"string\"",
                        "\"type\": \"string\", \"pattern\": \"(\"",
                        ", at /input/properties/words/pattern: is not a regular expression: Unclosed group"),
                Arguments.of(
                        "\"type\": \"string\"",
                        "\"$ref\": \"https://example.com/x\"",
                        ", at /input/properties/words/$ref: unknown key \"$ref\"; known keys:"),
                Arguments.of(
                        "\"required\": [\"words\"]",
                        "\"required\": [\"word\"]",
                        ", at /input/required/0: \"word\" is not a field of the schema"),
                Arguments.of(
                        "\"additionalProperties\": false\n  },",
                        "\"additionalProperties\": true\n  },",
                        ", at /input/additionalProperties: must be false, so that misspelt fields are refused"),
                Arguments.of(
                        "\"default_format\": \"wav\"",
                        "\"default_format\": \"../x\"",
                        ", at /output/default_format: \"../x\" is not allowed; it must be an audio format such as \"mp3\""),
                Arguments.of(
                        "\"default_format\": \"wav\"",
                        "\"default_format\": \"wav\", \"format_field\": \"words\"",
                        ", at /output/format_field: \"words\" is not a field with an enum of audio formats such as \"mp3\""),
                Arguments.of(
                        "\"default_format\": \"wav\"",
                        "\"default_format\": \"wav\", \"seconds_of\": [\"words\"]",
                        ", at /output/seconds_of/0: \"words\" is not a number among the input's fields"),
                Arguments.of(
                        "\"default_format\": \"wav\"",
                        "\"default_format\": \"wav\", \"source_field\": \"words\"",
                        ", at /output/source_field: goes with seconds_of only"),
                Arguments.of(
                        "\"default_format\": \"wav\"",
                        "\"default_format\": \"wav\", \"seconds_of\": [\"seconds\"], \"source_field\": \"words\"",
                        ", at /output/source_field: \"words\" is not a field of format audio-source"),
                Arguments.of(
                        "\"output\": {",
                        "\"limits\": {\"prediction_deadline_seconds\": 0}, \"output\": {",
                        ", at /limits/prediction_deadline_seconds: 0 is not allowed; it must be a number above 0 and up to 604800"),
                Arguments.of(
                        "\"output\": {",
                        "\"rules\": {}, \"output\": {",
                        ", at /rules: an object is not allowed; it must be a list"),
                Arguments.of(
                        "\"output\": {",
                        "\"rules\": [{\"message\": \"m\"}], \"output\": {",
                        ", at /rules/0/less_than: a rule has either less_than or sum_positive"),
                Arguments.of(
                        "\"output\": {",
                        "\"rules\": [{\"message\": \"m\", \"less_than\": [\"seconds\"]}], \"output\": {",
                        ", at /rules/0/less_than: needs two fields, the smaller first"),
                Arguments.of(
                        "\"output\": {",
                        "\"rules\": [{\"message\": \"m\", \"sum_positive\": [\"words\"]}], \"output\": {",
                        ", at /rules/0/sum_positive/0: \"words\" is not a number among the input's fields"),
                Arguments.of(
                        "\"kind\":",
                        "\"title\": \"Twice\", \"kind\":",
                        ": is not JSON: Duplicate field 'title' (line 4, column 10)"));
    }

    @ParameterizedTest
    @MethodSource("brokenParts")
    void shouldNameFilePlaceAndReasonWhenAFileIsBroken(String part, String instead, String message) throws IOException {
        assertThat(Inputs.CHIME).contains(part);
        Path file = file("own.json", Inputs.CHIME.replaceFirst(Pattern.quote(part), Matcher.quoteReplacement(instead)));

        assertThatThrownBy(this::load)
                .isInstanceOf(CatalogueException.class)
                .hasMessageStartingWith("catalogue file " + file + message);
    }

    @Test
    void shouldRefuseWhenAFileIsNoJsonOrNoObject() throws IOException {
        Path file = file("own.json", "{\"model\": ");
        assertThatThrownBy(this::load).hasMessageStartingWith("catalogue file " + file + ": is not JSON: ");

        file("own.json", "");
        assertThatThrownBy(this::load).hasMessage("catalogue file " + file + ": is empty");

        file("own.json", "[]");
        assertThatThrownBy(this::load)
                .hasMessage("catalogue file " + file + ": a list is not allowed; it must be an object");

        file("own.json", Inputs.CHIME + "{}");
        assertThatThrownBy(this::load).hasMessageStartingWith("catalogue file " + file + ": is not JSON: ");
    }
}
