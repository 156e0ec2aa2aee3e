package io.wavequeue.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.wavequeue.catalogue.Catalogue;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class InputKeysTest {
    private static final Catalogue CATALOGUE = Catalogue.load(null, null);
    private static final InputKeys MUSIC = new InputKeys(CATALOGUE, "stability-ai/stable-audio-3/music");
    private static final String CLIP = "a".repeat(64);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"prompt\":\"x\"} | {\"prompt\":\"x\",\"duration\":30}",
                "{\"prompt\":\"x\",\"duration\":8} | {\"duration\":8.0,\"prompt\":\"x\"}",
                "{\"prompt\":\"x\",\"guidance_scale\":1.50} | {\"prompt\":\"x\",\"guidance_scale\":1.5,\"enable_sync_mode\":false}"
            })
    void shouldBeEqualForWhatMeansTheSame(String ours, String theirs) {
        assertThat(MUSIC.ofTheirs(json(theirs), Map.of())).isEqualTo(MUSIC.ofOurs(ours));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"prompt\":\"x\"} | {\"prompt\":\"y\"}",
                "{\"prompt\":\"x\"} | {\"prompt\":\"x\",\"duration\":31}",
                "{\"prompt\":\"x\"} | {\"prompt\":\"x\",\"duration\":\"30\"}"
            })
    void shouldDifferForWhatDoesNot(String ours, String theirs) {
        assertThat(MUSIC.ofTheirs(json(theirs), Map.of())).isNotEqualTo(MUSIC.ofOurs(ours));
    }

    @Test
    void shouldKnowAClipByEveryAddressThatItHad() {
        InputKeys keys = new InputKeys(CATALOGUE, "stability-ai/stable-audio-3/audio-to-audio");
        String ours = "{\"prompt\":\"x\",\"audio\":\"media:sha256:" + CLIP + "\"}";
        JsonNode theirs = json("{\"prompt\":\"x\",\"audio\":\"https://cdn.example.com/u/1.wav\"}");
        assertThat(keys.addresses(theirs)).containsExactly("https://cdn.example.com/u/1.wav");
        assertThat(keys.ofTheirs(theirs, Map.of("https://cdn.example.com/u/1.wav", CLIP)))
                .isEqualTo(keys.ofOurs(ours));
        assertThat(keys.ofTheirs(theirs, Map.of())).isNotEqualTo(keys.ofOurs(ours));
    }

    @Test
    void shouldBeEqualButForClipsWhenNobodyKnowsWhatLayAtTheAddress() {
        InputKeys keys = new InputKeys(CATALOGUE, "stability-ai/stable-audio-3/audio-to-audio");
        String ours = "{\"prompt\":\"x\",\"audio\":\"media:sha256:" + CLIP + "\"}";
        JsonNode theirs = json("{\"prompt\":\"x\",\"audio\":\"https://cdn.example.com/u/1.wav\"}");

        assertThat(keys.withoutClips(theirs, Map.of())).isNotNull().isEqualTo(keys.withoutClips(ours));
        assertThat(keys.withoutClips(theirs, Map.of("https://cdn.example.com/u/1.wav", CLIP)))
                .isNull();
        assertThat(keys.withoutClips("{\"prompt\":\"x\",\"audio\":\"https://cdn.example.com/u/1.wav\"}"))
                .as("an address of its own is compared as it is")
                .isNull();
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
