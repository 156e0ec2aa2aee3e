package io.wavequeue.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.admission.Admission;
import io.wavequeue.admission.JsonRead;
import io.wavequeue.admission.StrictJson;
import io.wavequeue.catalogue.Catalogue;
import io.wavequeue.library.ContentKey;
import io.wavequeue.store.MediaStore.Media;
import io.wavequeue.store.ReplayInputs.Asked;
import io.wavequeue.store.ReplayInputs.Checked;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ReplayPricingTest {
    private static final String MUSIC = "stability-ai/stable-audio-3/music";
    private static final String OUTPAINT = "wavespeed-ai/ace-step/audio-outpaint";
    private static final String CLIP = "a".repeat(64);
    private static final String OTHER_CLIP = "b".repeat(64);

    private final Catalogue catalogue = Catalogue.load(null, null);
    private final ReplayPricing pricing = new ReplayPricing(
            new Admission(catalogue, sha256s -> {
                throw new AssertionError("a connection of its own is taken within the caller's transaction");
            }),
            catalogue);
    private final List<Set<String>> lookups = new ArrayList<>();

    private List<Media> find(Collection<String> sha256s) {
        lookups.add(Set.copyOf(sha256s));
        return sha256s.stream()
                .map(sha256 -> new Media(sha256, 10, "audio/wav", "a.wav", new BigDecimal("12.5"), null))
                .toList();
    }

    private List<Checked> check(List<Asked> jobs, @Nullable String overrides) {
        return pricing.check(jobs, overrides == null ? null : json(overrides), this::find);
    }

    private static ObjectNode json(String text) {
        JsonNode json = ((JsonRead.Value) StrictJson.read(text.getBytes(StandardCharsets.UTF_8))).json();
        return (ObjectNode) json;
    }

    private static Asked ofTake(String model, String input, @Nullable String key, @Nullable Integer take) {
        return new Asked(UUID.randomUUID(), model, input, key, take);
    }

    private static String outpaint(String clip, String more) {
        return "{\"audio\":\"media:sha256:%s\",\"tags\":\"calm\"%s}".formatted(clip, more);
    }

    /** The key of a line whose input with defaults is this one. */
    private static String outpaintKey(String tags, int before, int seed, int take) {
        return ContentKey.of(
                OUTPAINT,
                json(
                        "{\"audio\":\"media:sha256:%s\",\"tags\":\"%s\",\"extend_before_duration\":%d,\"extend_after_duration\":30,\"seed\":%d}"
                                .formatted(CLIP, tags, before, seed)),
                take);
    }

    private @Nullable String correctedKey(Asked job, String overrides) {
        Checked checked = check(List.of(job), overrides).getFirst();
        assertThat(checked).isInstanceOf(Checked.Valid.class);
        return ((Checked.Valid) checked).contentKey();
    }

    @Test
    void shouldLookTheClipsOfAllJobsUpAtOnceAndOverTheCallersConnection() {
        List<Asked> takes = IntStream.range(0, 100)
                .mapToObj(i -> ofTake(
                        OUTPAINT,
                        outpaint(i % 2 == 0 ? CLIP : OTHER_CLIP, ",\"seed\":" + i),
                        outpaintKey("calm", 0, -1, 1),
                        1))
                .toList();

        assertThat(check(takes, "{\"tags\":\"wild\"}")).hasSize(100).allMatch(Checked.Valid.class::isInstance);
        assertThat(lookups).containsExactly(Set.of(CLIP, OTHER_CLIP));
        assertThat(check(List.of(ofTake(MUSIC, "{\"prompt\":\"rain\"}", null, null)), null))
                .hasSize(1);
        assertThat(lookups).hasSize(1);
    }

    @Test
    void shouldTellALinesSeedFromOurs() {
        Asked ours = ofTake(OUTPAINT, outpaint(CLIP, ",\"seed\":77"), outpaintKey("calm", 0, -1, 3), 3);
        Asked lines = ofTake(OUTPAINT, outpaint(CLIP, ",\"seed\":77"), outpaintKey("calm", 0, 75, 3), 3);

        assertThat(correctedKey(ours, "{\"tags\":\"wild\"}")).isEqualTo(outpaintKey("wild", 0, -1, 3));
        assertThat(correctedKey(lines, "{\"tags\":\"wild\"}")).isEqualTo(outpaintKey("wild", 0, 75, 3));
        assertThat(correctedKey(ours, "{\"seed\":5}")).isEqualTo(outpaintKey("calm", 0, 5, 3));
    }

    /** The usual reason for an override. */
    @Nested
    class WhenTheCatalogueBecameStricter {
        private Asked dear(@Nullable Integer take, String key) {
            return ofTake(MUSIC, "{\"prompt\":\"rain\",\"duration\":500}", key, take);
        }

        private String musicKey(String more, int take) {
            return ContentKey.of(
                    MUSIC,
                    json(
                            "{\"prompt\":\"rain\",\"num_inference_steps\":8,\"guidance_scale\":1,\"output_format\":\"mp3\",%s}"
                                    .formatted(more)),
                    take);
        }

        @Test
        void shouldHaveTheKeyOfTheLineThatIsCorrectedLikewise() {
            assertThat(check(List.of(dear(2, musicKey("\"duration\":500", 2))), null))
                    .hasOnlyElementsOfType(Checked.Invalid.class);

            assertThat(correctedKey(dear(2, musicKey("\"duration\":500", 2)), "{\"duration\":90}"))
                    .isEqualTo(musicKey("\"duration\":90", 2));
        }

        @Test
        void shouldHaveItWhenDefaultsAreOthersToo() {
            String once = musicKey("\"duration\":500,\"negative_prompt\":\"once a default\"", 2);

            assertThat(correctedKey(dear(2, once), "{\"duration\":90}")).isEqualTo(musicKey("\"duration\":90", 2));
        }

        @Test
        void shouldHaveNoneWhenNobodyKnowsTheTake() {
            assertThat(correctedKey(dear(null, musicKey("\"duration\":500", 2)), "{\"duration\":90}"))
                    .isNull();
        }

        @Test
        void shouldStillTellALinesSeedFromOurs() {
            String input = outpaint(CLIP, ",\"extend_before_duration\":900,\"seed\":77");
            Asked ours = ofTake(OUTPAINT, input, outpaintKey("calm", 900, -1, 3), 3);
            Asked lines = ofTake(OUTPAINT, input, outpaintKey("calm", 900, 75, 3), 3);

            assertThat(correctedKey(ours, "{\"extend_before_duration\":9}")).isEqualTo(outpaintKey("calm", 9, -1, 3));
            assertThat(correctedKey(lines, "{\"extend_before_duration\":9}")).isEqualTo(outpaintKey("calm", 9, 75, 3));
        }

        @Test
        void shouldTellItByWhatTheModelNoLongerHas() {
            ObjectNode then = json(
                    "{\"prompt\":\"rain\",\"duration\":30,\"num_inference_steps\":8,\"guidance_scale\":1,\"output_format\":\"mp3\",\"key\":1}");

            assertThat(catalogue.effective(
                            catalogue.find(MUSIC).orElseThrow(), json("{\"prompt\":\"rain\",\"key\":1.0}")))
                    .isEqualTo(then);
        }

        @Test
        void shouldHaveNoneWhenASeedStaysThatMayBeOursOrTheLines() {
            Asked unknown = ofTake(OUTPAINT, outpaint(CLIP, ",\"seed\":77"), "f".repeat(64), 3);
            Asked seedless = ofTake(OUTPAINT, outpaint(CLIP, ""), "f".repeat(64), 3);

            assertThat(correctedKey(unknown, "{\"tags\":\"wild\"}")).isNull();
            assertThat(correctedKey(unknown, "{\"seed\":5}")).isEqualTo(outpaintKey("calm", 0, 5, 3));
            assertThat(correctedKey(seedless, "{\"tags\":\"wild\"}")).isEqualTo(outpaintKey("wild", 0, -1, 3));
        }
    }

    @Test
    void shouldKeepTheKeyWhenNothingIsChanged() {
        String key = outpaintKey("calm", 0, -1, 1);

        assertThat(check(List.of(ofTake(OUTPAINT, outpaint(CLIP, ""), key, 1)), "{\"tags\":\"calm\"}"))
                .satisfiesExactly(same -> assertThat(same).isInstanceOfSatisfying(Checked.Valid.class, valid -> {
                    assertThat(valid.input()).isNull();
                    assertThat(valid.contentKey()).isEqualTo(key);
                }));
    }
}
