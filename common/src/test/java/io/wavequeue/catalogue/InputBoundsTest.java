package io.wavequeue.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every bound of every field of the five models. */
class InputBoundsTest {
    private static final List<String> STABLE_AUDIO =
            List.of(Inputs.OUTPAINTING, Inputs.INPAINTING, Inputs.AUDIO_TO_AUDIO, Inputs.MUSIC);
    private static final List<String> WITH_AUDIO =
            List.of(Inputs.OUTPAINTING, Inputs.INPAINTING, Inputs.AUDIO_TO_AUDIO, Inputs.ACE_STEP);
    private static final List<String> ALL =
            Stream.concat(STABLE_AUDIO.stream(), Stream.of(Inputs.ACE_STEP)).toList();
    private static final List<String> FORMATS = List.of("mp3", "wav", "flac", "ogg", "opus", "m4a", "aac");

    static Stream<Arguments> lowest() {
        return Stream.concat(
                STABLE_AUDIO.stream()
                        .flatMap(model -> Stream.of(
                                Arguments.of(model, "num_inference_steps", "1", "0"),
                                Arguments.of(model, "guidance_scale", "0", "-0.000001"))),
                Stream.of(
                        Arguments.of(Inputs.OUTPAINTING, "extend_seconds_before", "0", "-0.001"),
                        Arguments.of(Inputs.OUTPAINTING, "extend_seconds_after", "0", "-1"),
                        Arguments.of(Inputs.INPAINTING, "mask_start_seconds", "0", "-0.001"),
                        Arguments.of(Inputs.INPAINTING, "mask_end_seconds", "0.001", "-0.001"),
                        Arguments.of(Inputs.AUDIO_TO_AUDIO, "duration", "1", "0.999999"),
                        Arguments.of(Inputs.AUDIO_TO_AUDIO, "init_noise_level", "0", "-0.1"),
                        Arguments.of(Inputs.MUSIC, "duration", "1", "0.999999"),
                        Arguments.of(Inputs.ACE_STEP, "extend_before_duration", "0", "-0.001"),
                        Arguments.of(Inputs.ACE_STEP, "extend_after_duration", "0", "-0.001"),
                        Arguments.of(Inputs.ACE_STEP, "seed", "-1", "-2")));
    }

    static Stream<Arguments> highest() {
        return Stream.concat(
                STABLE_AUDIO.stream()
                        .flatMap(model -> Stream.of(
                                Arguments.of(model, "num_inference_steps", "100", "101"),
                                Arguments.of(model, "guidance_scale", "25", "25.000001"))),
                Stream.of(
                        Arguments.of(Inputs.OUTPAINTING, "extend_seconds_before", "380", "380.0000000000000000001"),
                        Arguments.of(Inputs.OUTPAINTING, "extend_seconds_after", "380", "400"),
                        Arguments.of(Inputs.AUDIO_TO_AUDIO, "duration", "120", "120.000001"),
                        Arguments.of(Inputs.AUDIO_TO_AUDIO, "init_noise_level", "1", "1.000001"),
                        Arguments.of(Inputs.MUSIC, "duration", "120", "121"),
                        Arguments.of(Inputs.ACE_STEP, "extend_before_duration", "240", "240.001"),
                        Arguments.of(Inputs.ACE_STEP, "extend_after_duration", "240", "241"),
                        Arguments.of(Inputs.ACE_STEP, "seed", "2147483647", "2147483648")));
    }

    static Stream<Arguments> wrongTypes() {
        return Stream.of(
                        Stream.of("num_inference_steps", "guidance_scale", "prompt", "negative_prompt", "output_format")
                                .flatMap(field -> STABLE_AUDIO.stream().map(model -> Arguments.of(model, field))),
                        WITH_AUDIO.stream().map(model -> Arguments.of(model, "audio")),
                        Stream.of("tags", "lyrics", "seed", "extend_before_duration", "extend_after_duration")
                                .map(field -> Arguments.of(Inputs.ACE_STEP, field)),
                        Stream.of("extend_seconds_before", "extend_seconds_after")
                                .map(field -> Arguments.of(Inputs.OUTPAINTING, field)),
                        Stream.of("mask_start_seconds", "mask_end_seconds")
                                .map(field -> Arguments.of(Inputs.INPAINTING, field)),
                        Stream.of("duration", "init_noise_level")
                                .map(field -> Arguments.of(Inputs.AUDIO_TO_AUDIO, field)),
                        Stream.of(Arguments.of(Inputs.MUSIC, "duration")))
                .flatMap(each -> each);
    }

    static Stream<Arguments> formats() {
        return STABLE_AUDIO.stream().flatMap(model -> FORMATS.stream().map(format -> Arguments.of(model, format)));
    }

    static Stream<String> stableAudio() {
        return STABLE_AUDIO.stream();
    }

    static Stream<Arguments> texts() {
        return Stream.concat(
                STABLE_AUDIO.stream()
                        .flatMap(model -> Stream.of(
                                Arguments.of(model, "prompt", 10_000), Arguments.of(model, "negative_prompt", 10_000))),
                Stream.of(
                        Arguments.of(Inputs.ACE_STEP, "tags", 10_000),
                        Arguments.of(Inputs.ACE_STEP, "lyrics", 10_000)));
    }

    static Stream<Arguments> required() {
        return Stream.of(
                        WITH_AUDIO.stream().map(model -> Arguments.of(model, "audio")),
                        STABLE_AUDIO.stream().map(model -> Arguments.of(model, "prompt")),
                        Stream.of(Arguments.of(Inputs.ACE_STEP, "tags")))
                .flatMap(each -> each);
    }

    static Stream<String> all() {
        return ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldAcceptWhenOnlyTheRequiredIsGiven(String model) {
        assertThat(Inputs.errors(model, Inputs.valid(model))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("lowest")
    void shouldAcceptTheMinimumAndRefuseWhenBelow(String model, String field, String lowest, String below) {
        assertThat(Inputs.errors(model, Inputs.with(model, field, lowest))).isEmpty();
        assertThat(Inputs.errors(model, Inputs.with(model, field, below)))
                .singleElement()
                .asString()
                .startsWith(field + ": " + below + " is below the minimum of ");
    }

    @ParameterizedTest
    @MethodSource("highest")
    void shouldAcceptTheMaximumAndRefuseWhenAbove(String model, String field, String highest, String above) {
        assertThat(Inputs.errors(model, Inputs.with(model, field, highest))).isEmpty();
        assertThat(Inputs.errors(model, Inputs.with(model, field, above)))
                .containsExactly(field + ": " + above + " is above the maximum of " + highest);
    }

    @ParameterizedTest
    @MethodSource("wrongTypes")
    void shouldRefuseWhenTheTypeIsWrong(String model, String field) {
        for (String value : List.of("true", "null", "{'a':1}", "[1]")) {
            assertThat(Inputs.errors(model, Inputs.with(model, field, value)))
                    .as("%s = %s", field, value)
                    .singleElement()
                    .asString()
                    .startsWith(field + ": ");
        }
        boolean text = Inputs.model(model)
                .inputSchema()
                .at("/properties/" + field + "/type")
                .asText()
                .equals("string");
        assertThat(Inputs.errors(model, Inputs.with(model, field, text ? "7" : "'7'")))
                .hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void shouldAcceptEveryFormatOfTheModel(String model, String format) {
        ObjectNode input = Inputs.with(model, "output_format", "'" + format + "'");

        assertThat(Inputs.errors(model, input)).isEmpty();
        assertThat(Inputs.model(model).outputFormat(input)).isEqualTo(format);
    }

    @ParameterizedTest
    @MethodSource("stableAudio")
    void shouldRefuseWhenTheFormatIsNoneOfTheSeven(String model) {
        for (String format : List.of("mp4", "MP3", "", " mp3")) {
            assertThat(Inputs.errors(model, Inputs.with(model, "output_format", "'" + format + "'")))
                    .containsExactly("output_format: \"" + format + "\" is not allowed; use one of \"mp3\", \"wav\","
                            + " \"flac\", \"ogg\", \"opus\", \"m4a\", \"aac\"");
        }
    }

    @ParameterizedTest
    @MethodSource("texts")
    void shouldAcceptTheLongestTextAndRefuseWhenLonger(String model, String field, int longest) {
        // Characters are counted, not UTF-16 units.
        String text = "🎵".repeat(longest);

        assertThat(Inputs.errors(model, Inputs.valid(model).set(field, TextNode.valueOf(text))))
                .isEmpty();
        assertThat(Inputs.errors(model, Inputs.valid(model).set(field, TextNode.valueOf(text + "a"))))
                .singleElement()
                .asString()
                .startsWith(field + ": \"🎵")
                .endsWith("…\" is 10,001 characters long; at most 10,000 are allowed")
                .hasSizeLessThan(250);
    }

    @ParameterizedTest
    @MethodSource("required")
    void shouldRefuseWhenARequiredFieldIsMissingOrBlank(String model, String field) {
        ObjectNode without = Inputs.valid(model);
        without.remove(field);

        assertThat(Inputs.errors(model, without)).singleElement().asString().startsWith(field + ": is required: ");
        for (String blank : List.of("", " ", "\t\r\n", "\u00a0\u3000", "\u200b\ufeff")) {
            assertThat(Inputs.errors(model, Inputs.valid(model).put(field, blank)))
                    .containsExactly(field + ": is blank; it must say something");
        }
    }

    @ParameterizedTest
    @CsvSource({
        Inputs.OUTPAINTING + ", num_inference_steps",
        Inputs.ACE_STEP + ", seed",
    })
    void shouldTakeAWholeDecimalForAnIntegerAndRefuseAFraction(String model, String field) {
        // JSON Schema says that 30.0 is an integer, and so does the validator.
        assertThat(Inputs.errors(model, Inputs.with(model, field, "30.0"))).isEmpty();
        assertThat(Inputs.effective(model, Inputs.with(model, field, "30.0")))
                .isEqualTo(Inputs.effective(model, Inputs.with(model, field, "30")));
        assertThat(Inputs.errors(model, Inputs.with(model, field, "30.5")))
                .singleElement()
                .asString()
                .startsWith(field + ": 30.5 is not allowed; it must be an integer from ");
    }
}
