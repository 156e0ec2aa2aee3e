package io.wavequeue.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ManifestTest {

    private static final String HEADER = "reference,category,model,expect,audio,prompt,duration\n";

    @Test
    void shouldCoverAllModelsAndFormatsWhenItIsTheDemos() {
        List<Cue> cues = Manifest.demo();
        assertThat(cues)
                .extracting(Cue::model)
                .containsOnly(
                        "stability-ai/stable-audio-3/music",
                        "stability-ai/stable-audio-3/audio-outpainting",
                        "stability-ai/stable-audio-3/audio-inpainting",
                        "stability-ai/stable-audio-3/audio-to-audio",
                        "wavespeed-ai/ace-step/audio-outpaint");
        assertThat(cues.stream()
                        .filter(c -> c.expect() instanceof Expectation.Succeeds)
                        .map(Cue::format)
                        .flatMap(Optional::stream))
                .containsExactlyInAnyOrder(AudioFormat.values());
        assertThat(cues.stream().flatMap(c -> c.clip().stream())).contains(SourceClip.values());
        assertThat(cues)
                .filteredOn(c -> c.expect() instanceof Expectation.Fails)
                .hasSize(1);
    }

    @Test
    void shouldWriteNumbersAsNumbersWhenRequestIsMade() throws IOException {
        Cue cue = read("a/b,sfx,v/m/x,succeeded,clip:hit,\"808, dry\",2.50\n").getFirst();
        Map<SourceClip, String> media = new EnumMap<>(Map.of(SourceClip.HIT, "media:sha256:1"));
        assertThat(cue.request("run1", media).toString())
                .isEqualTo("{\"model\":\"v/m/x\",\"input\":{\"audio\":\"media:sha256:1\",\"prompt\":\"808, dry\","
                        + "\"duration\":2.50},\"reference\":\"a/b\",\"lane\":\"interactive\",\"max_attempts\":2,"
                        + "\"labels\":{\"demo\":\"run1\",\"category\":\"sfx\"}}");
        assertThat(cue.shortModel()).isEqualTo("m/x");
    }

    @Test
    void shouldNameLineWhenItIsWrong() {
        assertRefused("a,b,c,succeeded,,p,ten\n", "line 2: duration is 'ten', which is no number");
        assertRefused("a,b,c,maybe,,p,1\n", "line 2: 'maybe' is neither");
        assertRefused("a,b,c,failed:,,p,1\n", "line 2: 'failed:' needs an error class");
        assertRefused("a,b,c,succeeded,,p,1\na,b,c,succeeded,,p,1\n", "line 3: reference 'a' again");
        assertRefused(",b,c,succeeded,,p,1\n", "line 2: a cue needs reference");
        assertRefused("a,b\n", "line 2: it has another number of fields");
    }

    @Test
    void shouldRefuseWhenClipOrFormatIsUnknown() {
        assertThatThrownBy(
                        () -> read("a,b,c,succeeded,clip:rain,p,1\n").getFirst().clip())
                .hasMessageContaining("'rain'");
        assertThatThrownBy(() -> AudioFormat.named("WAV")).hasMessageContaining("'WAV'");
        assertThat(Arrays.stream(AudioFormat.values()).map(f -> AudioFormat.named(f.text())))
                .containsExactly(AudioFormat.values());
    }

    private static void assertRefused(String rows, String message) {
        assertThatThrownBy(() -> read(rows))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    private static List<Cue> read(String rows) throws IOException {
        return Manifest.read(new StringReader(HEADER + rows));
    }
}
