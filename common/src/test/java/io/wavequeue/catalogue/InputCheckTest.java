package io.wavequeue.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class InputCheckTest {
    private static final BigInteger HUGE = BigInteger.ONE.shiftLeft(4_000_000);
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    @Nested
    class Report {
        @Test
        void shouldListEveryErrorAtOnceWhenSeveralFieldsAreBad() {
            ObjectNode input = Inputs.json("""
                    {'audio':'ftp://example.com/a.wav','promt':'x','extend_seconds_after':400,'num_inference_steps':1.5,
                     'guidance_scale':'high','output_format':5,'zzz':{'a':[1]},'negative_prompt':null}
                    """);

            assertThat(Inputs.errors(Inputs.OUTPAINTING, input))
                    .containsExactly(
                            "audio: \"ftp://example.com/a.wav\" is not an http or https URL; allowed: an http or https"
                                    + " URL, or media:sha256: and 64 lower-case hex digits",
                            "prompt: is required: a text",
                            "extend_seconds_after: 400 is above the maximum of 380",
                            "negative_prompt: null is not allowed; leave the field out or give a text",
                            "num_inference_steps: 1.5 is not allowed; it must be an integer from 1 to 100",
                            "guidance_scale: \"high\" is not allowed; it must be a number from 0 to 25",
                            "output_format: 5 is not allowed; it must be one of \"mp3\", \"wav\", \"flac\", \"ogg\","
                                    + " \"opus\", \"m4a\", \"aac\"",
                            "promt: unknown field \"promt\"; did you mean \"prompt\"?",
                            "zzz: unknown field \"zzz\"; known fields: audio, prompt, extend_seconds_before,"
                                    + " extend_seconds_after, negative_prompt, num_inference_steps, guidance_scale,"
                                    + " output_format");
        }

        @Test
        void shouldGiveFieldAndMessageApartWhenInvalid() {
            assertThat(Inputs.check(Inputs.MUSIC, Inputs.json("{'prompt':'a','durations':3}")))
                    .isEqualTo(new InputCheck.Invalid(List.of(
                            new FieldError("durations", "unknown field \"durations\"; did you mean \"duration\"?"))));
        }

        @Test
        void shouldStopListingWhenErrorsHaveNoEnd() {
            ObjectNode input = Inputs.valid(Inputs.MUSIC);
            IntStream.range(0, 20_000).forEach(i -> input.put("prompt" + i, i));

            assertThat(Inputs.errors(Inputs.MUSIC, input)).hasSize(101).endsWith("input: has 19900 more errors");
        }

        @Test
        void shouldQuoteOnlyPrintableBeginningsWhenANameIsHostile() {
            ObjectNode input = Inputs.valid(Inputs.MUSIC)
                    .put("\u0000\n" + "x".repeat(100_000), 1)
                    .put("\u0000\n" + "x".repeat(100_001), 1)
                    .put("\ud800", 1);

            assertThat(Inputs.errors(Inputs.MUSIC, input))
                    .hasSize(3)
                    .allSatisfy(line -> assertThat(TextCheck.problem(line)).isEmpty())
                    .allSatisfy(line -> assertThat(line).hasSizeLessThan(300))
                    .first()
                    .asString()
                    .startsWith("\\u0000\\u000ax")
                    .contains("unknown field \"\\u0000\\u000ax")
                    .contains("…\"; known fields: ");
        }

        static Stream<JsonNode> noObjects() {
            return Stream.of(
                    NullNode.getInstance(),
                    MissingNode.getInstance(),
                    Inputs.anyJson("[]"),
                    Inputs.anyJson("'text'"),
                    Inputs.anyJson("1e1000000000"),
                    Inputs.anyJson("true"));
        }

        @ParameterizedTest
        @MethodSource("noObjects")
        void shouldRefuseWhenTheInputIsNoObject(JsonNode input) {
            assertThat(Inputs.errors(Inputs.MUSIC, input))
                    .singleElement()
                    .asString()
                    .startsWith("input: ")
                    .endsWith(" is not allowed; it must be an object with the model's fields");
        }
    }

    @Nested
    class Rules {
        @Test
        void shouldRefuseWhenBothExtensionsAreZeroForStableAudio() {
            ObjectNode input = Inputs.json("{'audio':'https://e.com/a','prompt':'a','extend_seconds_after':0.0}");

            assertThat(Inputs.errors(Inputs.OUTPAINTING, input))
                    .containsExactly("extend_seconds_after: nothing to generate: extend_seconds_before and"
                            + " extend_seconds_after must not both be 0 (extend_seconds_before is 0,"
                            + " extend_seconds_after is 0)");
        }

        @Test
        void shouldRefuseWhenBothExtensionsAreZeroForAceStep() {
            ObjectNode input = Inputs.json("{'audio':'https://e.com/a','tags':'a','extend_after_duration':0}");

            assertThat(Inputs.errors(Inputs.ACE_STEP, input))
                    .containsExactly("extend_after_duration: nothing to generate: extend_before_duration and"
                            + " extend_after_duration must not both be 0 (extend_before_duration is 0,"
                            + " extend_after_duration is 0)");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{'mask_start_seconds':5}",
                    "{'mask_start_seconds':5.001}",
                    "{'mask_end_seconds':0}",
                    "{'mask_start_seconds':7.5,'mask_end_seconds':7.50}",
                })
        void shouldRefuseWhenTheMaskDoesNotEndAfterItsStart(String fields) {
            ObjectNode input = Inputs.valid(Inputs.INPAINTING).setAll(Inputs.json(fields));

            assertThat(Inputs.errors(Inputs.INPAINTING, input))
                    .singleElement()
                    .asString()
                    .startsWith("mask_end_seconds: mask_end_seconds must be greater than mask_start_seconds (");
        }

        @Test
        void shouldAcceptWhenTheMaskEndsAHairAfterItsStart() {
            ObjectNode input = Inputs.with(Inputs.INPAINTING, "mask_start_seconds", "4.999999999999999999999");

            assertThat(Inputs.errors(Inputs.INPAINTING, input)).isEmpty();
        }

        @Test
        void shouldNotJudgeARuleWhenAFieldOfItIsBadAlready() {
            ObjectNode input = Inputs.valid(Inputs.INPAINTING).setAll(Inputs.json("{'mask_start_seconds':'9'}"));

            assertThat(Inputs.errors(Inputs.INPAINTING, input))
                    .containsExactly("mask_start_seconds: \"9\" is not allowed; it must be a number of at least 0");
        }

        @Test
        void shouldReportRuleAndFieldsTogetherWhenBothAreBroken() {
            ObjectNode input = Inputs.json(
                    "{'audio':'https://e.com/a','prompt':' ','mask_start_seconds':6,'num_inference_steps':0}");

            assertThat(Inputs.errors(Inputs.INPAINTING, input))
                    .containsExactly(
                            "prompt: is blank; it must say something",
                            "mask_end_seconds: mask_end_seconds must be greater than mask_start_seconds"
                                    + " (mask_start_seconds is 6, mask_end_seconds is 5)",
                            "num_inference_steps: 0 is below the minimum of 1");
        }
    }

    @Nested
    class Values {
        @ParameterizedTest
        @ValueSource(
                strings = {"a\u0000b", "a\u0007b", "a\u001bb", "a\u007fb", "a\u0085b", "a\ud800b", "a\udc00b", "b\ud83d"
                })
        void shouldRefuseWhenATextCannotBeStored(String text) {
            for (String field : List.of("prompt", "negative_prompt", "output_format", "audio")) {
                assertThat(Inputs.errors(
                                Inputs.OUTPAINTING,
                                Inputs.valid(Inputs.OUTPAINTING).put(field, text)))
                        .singleElement()
                        .asString()
                        .startsWith(field + ": \"")
                        .contains(" contains ")
                        .matches(line -> TextCheck.problem(line).isEmpty());
            }
        }

        @Test
        void shouldAcceptWhenATextHasLineBreaksTabsAndEmoji() {
            ObjectNode input = Inputs.valid(Inputs.ACE_STEP).put("lyrics", "[verse]\r\n\tLa la 🎵 łódź\n");

            assertThat(Inputs.errors(Inputs.ACE_STEP, input)).isEmpty();
        }

        static Stream<Named<JsonNode>> absurdNumbers() {
            // Named, since a test's display name would write the number out.
            return Stream.of(
                    Named.of("1e1000000000", Inputs.anyJson("1e1000000000")),
                    Named.of("-1e1000000000", Inputs.anyJson("-1e1000000000")),
                    Named.of("1e-1000000000", Inputs.anyJson("1e-1000000000")),
                    Named.of("400 digits", Inputs.anyJson("9".repeat(400))),
                    Named.of("400 places", Inputs.anyJson("0." + "1".repeat(400))),
                    Named.of("400 digits, most of them 0", Inputs.anyJson("1" + "0".repeat(399))),
                    Named.of("the largest exponent", decimal(BigInteger.ONE, Integer.MIN_VALUE)),
                    Named.of("the smallest exponent", decimal(BigInteger.ONE, Integer.MAX_VALUE)),
                    Named.of("a million places", decimal(HUGE, 1_000_000)),
                    Named.of("a million digits and 20 places", decimal(HUGE, 20)),
                    Named.of("a million digits", BigIntegerNode.valueOf(HUGE)),
                    Named.of("infinity", DoubleNode.valueOf(Double.POSITIVE_INFINITY)),
                    Named.of("not a number", DoubleNode.valueOf(Double.NaN)),
                    Named.of("1e300 as a double", DoubleNode.valueOf(1e300)));
        }

        private static JsonNode decimal(BigInteger digits, int scale) {
            return DecimalNode.valueOf(new BigDecimal(digits, scale));
        }

        private record Cost(List<String> errors, Duration cpu) {
            static Cost of(ObjectNode input) {
                long before = THREADS.getCurrentThreadCpuTime();
                List<String> errors = Inputs.errors(Inputs.MUSIC, input);
                return new Cost(errors, Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - before));
            }
        }

        @ParameterizedTest
        @MethodSource("absurdNumbers")
        void shouldRefuseCheaplyWhenANumberIsAbsurd(JsonNode number) {
            for (String field : List.of("duration", "num_inference_steps", "prompt", "output_format")) {
                ObjectNode input = Inputs.valid(Inputs.MUSIC).set(field, number);

                Cost cost = assertTimeoutPreemptively(Duration.ofMinutes(1), () -> Cost.of(input));

                assertThat(cost.errors())
                        .singleElement()
                        .asString()
                        .startsWith(field + ": ")
                        .endsWith(" is too large or too exact a number; at most 40 digits before and after the point"
                                + " are allowed")
                        .hasSizeLessThan(600);
                assertThat(cost.cpu()).isLessThan(Duration.ofSeconds(2));
            }
        }

        @Test
        void shouldIgnoreTheValueWhenAnUnknownFieldHoldsAnAbsurdOne() {
            ObjectNode input = Inputs.with(Inputs.MUSIC, "steps", "1e1000000000");

            assertThat(Inputs.errors(Inputs.MUSIC, input))
                    .containsExactly("steps: unknown field \"steps\"; did you mean \"num_inference_steps\"?");
        }

        @Test
        void shouldRefuseWhenAValueIsNestedWithoutEnd() {
            JsonNode nest = JsonNodeFactory.instance.textNode("x");
            for (int i = 0; i < 100_000; i++) {
                nest = JsonNodeFactory.instance.arrayNode().add(nest);
            }

            assertThat(Inputs.errors(Inputs.MUSIC, Inputs.valid(Inputs.MUSIC).set("prompt", nest)))
                    .singleElement()
                    .asString()
                    .endsWith("is nested more than 16 levels deep");
            assertThat(Inputs.errors(Inputs.MUSIC, Inputs.valid(Inputs.MUSIC).set("promptt", nest)))
                    .containsExactly("promptt: unknown field \"promptt\"; did you mean \"prompt\"?");
        }

        @Test
        void shouldRefuseWhenATextIsAMillionCharacters() {
            ObjectNode input = Inputs.valid(Inputs.MUSIC).put("prompt", "a".repeat(1_000_000));

            assertThat(Inputs.errors(Inputs.MUSIC, input))
                    .containsExactly("prompt: \"" + "a".repeat(40)
                            + "…\" is 1,000,000 characters long; at most 100,000 are allowed");
        }
    }

    @Nested
    class EffectiveInput {
        @Test
        void shouldHoldDefaultsInTheSchemasOrderWhenValid() {
            ObjectNode input = Inputs.json("{'prompt':'noir','num_inference_steps':9}");

            assertThat(Inputs.effective(Inputs.MUSIC, input))
                    .hasToString("{\"prompt\":\"noir\",\"duration\":30,\"num_inference_steps\":9,\"guidance_scale\":1,"
                            + "\"output_format\":\"mp3\"}");
        }

        @Test
        void shouldLeaveWhatWasAskedAloneWhenDefaultsAreFilledIn() {
            ObjectNode input = Inputs.valid(Inputs.ACE_STEP);
            ObjectNode before = input.deepCopy();

            ObjectNode effective = Inputs.effective(Inputs.ACE_STEP, input);
            effective.put("tags", "changed");

            assertThat(input).isEqualTo(before);
            assertThat(Inputs.effective(Inputs.ACE_STEP, input).path("seed")).isEqualTo(Inputs.anyJson("-1"));
        }

        @Test
        void shouldBeEqualWhenInputsMeanTheSame() {
            ObjectNode plain = Inputs.json("{'prompt':'noir','duration':30,'guidance_scale':2.5}");
            ObjectNode otherwise = Inputs.json("{'guidance_scale':2.50,'duration':3e1,'prompt':'noir'}");

            assertThat(Inputs.effective(Inputs.MUSIC, otherwise))
                    .isEqualTo(Inputs.effective(Inputs.MUSIC, plain))
                    .hasToString(Inputs.effective(Inputs.MUSIC, plain).toString());
            assertThat(Inputs.effective(
                            Inputs.MUSIC, Inputs.binaryJson("{'prompt':'noir','duration':30.0,'guidance_scale':2.5}")))
                    .isEqualTo(Inputs.effective(Inputs.MUSIC, plain));
        }

        @Test
        void shouldBeTheSameWhenManyThreadsAsk() throws Exception {
            ObjectNode input = Inputs.valid(Inputs.OUTPAINTING);
            InputCheck expected = Inputs.check(Inputs.OUTPAINTING, input);
            Callable<Boolean> asking = () -> IntStream.range(0, 500)
                    .allMatch(i -> Inputs.check(Inputs.OUTPAINTING, input).equals(expected));

            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (Future<Boolean> same : threads.invokeAll(
                        Stream.generate(() -> asking).limit(16).toList())) {
                    assertThat(same.get()).isTrue();
                }
            }
        }
    }
}
