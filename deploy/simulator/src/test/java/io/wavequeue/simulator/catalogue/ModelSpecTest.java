package io.wavequeue.simulator.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ModelSpecTest {
    private static final String SA3 = "stability-ai/stable-audio-3/";
    private static final String ACE = "wavespeed-ai/ace-step/audio-outpaint";
    private static final String SOURCE = "\"audio\":\"https://a.example/x.mp3\",";
    private static final Tariff PLAIN = new Tariff(false, false, false, BigDecimal.ONE);
    private static final Tariff BY_OUTPUT = new Tariff(true, false, false, BigDecimal.ONE);
    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private final Catalogue catalogue = Catalogue.load();

    @Test
    void shouldHoldExactlyTheFiveModels() {
        assertThat(catalogue.models())
                .extracting(ModelSpec::id)
                .containsExactly(
                        SA3 + "audio-outpainting",
                        SA3 + "audio-inpainting",
                        SA3 + "audio-to-audio",
                        SA3 + "music",
                        ACE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "audio-outpainting | 0.044600",
                "audio-inpainting | 0.044200",
                "audio-to-audio | 0.024000",
                "music | 0.021700"
            })
    void shouldChargeByTheRun(String model, String price) throws IOException {
        assertThat(model(SA3 + model).priceOf(json("{\"duration\":120}"), null, BY_OUTPUT))
                .isEqualTo(new BigDecimal(price));
    }

    @Test
    void shouldChargeAceStepByTheSecond() throws IOException {
        ModelSpec ace = model(ACE);
        JsonNode fractions = json("{\"extend_before_duration\":0.5,\"extend_after_duration\":10.25}");
        assertThat(ace.priceOf(json("{}"), null, PLAIN)).isEqualTo(new BigDecimal("0.006000"));
        assertThat(ace.priceOf(fractions, null, PLAIN)).isEqualTo(new BigDecimal("0.002150"));
        assertThat(ace.priceOf(fractions, new BigDecimal("60"), PLAIN)).isEqualTo(new BigDecimal("0.002150"));
        assertThat(ace.priceOf(fractions, new BigDecimal("60"), BY_OUTPUT)).isEqualTo(new BigDecimal("0.014150"));
    }

    @Test
    void shouldPlayTheOtherReadingsOfThePriceList() throws IOException {
        JsonNode fractions = json("{\"extend_before_duration\":0.5,\"extend_after_duration\":10.25}");
        Tariff ceil = new Tariff(false, true, false, BigDecimal.ONE);
        assertThat(model(ACE).priceOf(fractions, null, ceil)).isEqualTo(new BigDecimal("0.002200"));
        Tariff byLength = new Tariff(false, false, true, BigDecimal.ONE);
        assertThat(model(SA3 + "music").priceOf(json("{\"duration\":60}"), null, byLength))
                .isEqualTo(new BigDecimal("0.043400"));
        Tariff dearer = new Tariff(false, false, false, new BigDecimal("1.5"));
        assertThat(model(SA3 + "music").priceOf(json("{}"), null, dearer)).isEqualTo(new BigDecimal("0.032550"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "music | {} | field \"prompt\" must be present",
                "music | {\"prompt\":\" \"} | field \"prompt\" must be a non-empty string",
                "music | {\"prompt\":7} | field \"prompt\" must be a string",
                "music | {\"prompt\":\"x\",\"duration\":\"30\"} | field \"duration\" must be a number",
                "music | {\"prompt\":\"x\",\"duration\":0.9} | field \"duration\" must be between 1 and 120",
                "music | {\"prompt\":\"x\",\"duration\":121} | field \"duration\" must be between 1 and 120",
                "music | {\"prompt\":\"x\",\"num_inference_steps\":8.5} | field \"num_inference_steps\" must be an integer",
                "music | {\"prompt\":\"x\",\"num_inference_steps\":1e999999999} | field \"num_inference_steps\" must be between 1 and 100",
                "music | {\"prompt\":\"x\",\"guidance_scale\":25.1} | field \"guidance_scale\" must be between 0 and 25",
                "music | {\"prompt\":\"x\",\"output_format\":\"mp4\"} | field \"output_format\" must be one of mp3, wav, flac, ogg, opus, m4a, aac",
                "audio-to-audio | {\"prompt\":\"x\"} | field \"audio\" must be present",
                "audio-to-audio | {\"prompt\":\"x\",\"audio\":\"media:sha256:00\"} | field \"audio\" must be an http or https URL",
            })
    void shouldSayWhatIsWrong(String model, String inputs, String problem) throws IOException {
        assertThat(model(SA3 + model).problem(json(inputs))).isEqualTo(problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "music | {\"prompt\":\"x\",\"unknown\":1,\"duration\":null}",
                "music | {\"prompt\":\"x\",\"num_inference_steps\":8.0,\"guidance_scale\":0}"
            })
    void shouldAcceptWhatTheProviderAccepts(String model, String inputs) throws IOException {
        assertThat(model(SA3 + model).problem(json(inputs))).isNull();
    }

    @Test
    void shouldCompareTheMasksEndsWithDefaultsFilledIn() throws IOException {
        ModelSpec model = model(SA3 + "audio-inpainting");
        String start = "{" + SOURCE + "\"prompt\":\"x\",";
        assertThat(model.problem(json(start + "\"mask_start_seconds\":4.9}"))).isNull();
        assertThat(model.problem(json(start + "\"mask_start_seconds\":5}")))
                .isEqualTo("field \"mask_end_seconds\" must be greater than mask_start_seconds");
        assertThat(model.problem(json(start + "\"mask_end_seconds\":0}"))).isNotNull();
    }

    @Test
    void shouldKnowTheSeedsRange() throws IOException {
        String start = "{" + SOURCE + "\"tags\":\"lofi\",\"seed\":";
        assertThat(model(ACE).problem(json(start + "2147483647}"))).isNull();
        assertThat(model(ACE).problem(json(start + "2147483648}")))
                .isEqualTo("field \"seed\" must be between -1 and 2147483647");
    }

    @Test
    void shouldQuoteWithoutRequiredFields() throws IOException {
        assertThat(model(SA3 + "music").quoteProblem(json("{}"))).isNull();
        assertThat(model(SA3 + "music").quoteProblem(json("{\"output_format\":\"x\"}")))
                .startsWith("field \"output_format\" must be one of");
        assertThat(model(ACE).quoteProblem(json("{\"extend_after_duration\":1e99}")))
                .isNotNull();
    }

    @Test
    void shouldDeriveTheClipsLength() throws IOException {
        BigDecimal source = new BigDecimal("10");
        JsonNode defaults = json("{}");
        assertThat(model(SA3 + "audio-outpainting").clipSeconds(defaults, source))
                .isEqualByComparingTo("15");
        assertThat(model(SA3 + "audio-outpainting").clipSeconds(defaults, null)).isEqualByComparingTo("5");
        assertThat(model(SA3 + "audio-inpainting").clipSeconds(defaults, source))
                .isEqualByComparingTo("10");
        assertThat(model(SA3 + "audio-inpainting").clipSeconds(defaults, null)).isEqualByComparingTo("5");
        assertThat(model(SA3 + "audio-to-audio").clipSeconds(defaults, source)).isEqualByComparingTo("30");
    }

    private ModelSpec model(String id) {
        @Nullable ModelSpec model = catalogue.find(id);
        return Objects.requireNonNull(model);
    }

    private static JsonNode json(String text) throws IOException {
        return MAPPER.readTree(text);
    }
}
