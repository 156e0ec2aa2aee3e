package io.wavequeue.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The request bodies that the provider's own pages show. */
class SampleBodiesTest {
    private static final String COMMON = """
            'prompt':'A cinematic shot of a city at sunset, soft golden light',
            'negative_prompt':'blurry, low quality, distorted','num_inference_steps':8,'guidance_scale':1,
            'output_format':'mp3'""";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                Inputs.OUTPAINTING
                        + "|'audio':'https://example.com/your-audio.mp3','extend_seconds_before':0,'extend_seconds_after':5",
                Inputs.INPAINTING
                        + "|'audio':'https://example.com/your-audio.mp3','mask_start_seconds':0,'mask_end_seconds':5",
                Inputs.AUDIO_TO_AUDIO
                        + "|'audio':'https://example.com/your-audio.mp3','duration':30,'init_noise_level':0.9",
                Inputs.MUSIC + "|'duration':30",
            })
    void shouldBeValidWhenTakenFromThePageOfStableAudio(String model, String own) {
        assertThat(Inputs.errors(model, Inputs.json("{" + COMMON + "," + own + "}")))
                .isEmpty();
    }

    @Test
    void shouldBeValidWhenTakenFromThePageOfAceStepWithWhatItLeavesOut() {
        ObjectNode page = Inputs.json("{'extend_before_duration':0,'extend_after_duration':30,'lyrics':'','seed':-1}");

        assertThat(Inputs.errors(Inputs.ACE_STEP, page))
                .isEqualTo(List.of(
                        "audio: is required: an http or https URL, or media:sha256: and 64 lower-case hex digits",
                        "tags: is required: a text"));
        assertThat(Inputs.errors(
                        Inputs.ACE_STEP,
                        page.put("audio", "https://example.com/a.mp3").put("tags", "lofi, chill")))
                .isEmpty();
    }
}
