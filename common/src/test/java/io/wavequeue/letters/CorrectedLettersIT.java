package io.wavequeue.letters;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.wavequeue.admission.InputKeys;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The same corrected replay was made before, in a database that is lost, and its tombstone was not written any more. */
class CorrectedLettersIT extends LetterTopic {
    private static final String LONG = "{\"prompt\":\"rain\",\"duration\":9000}";
    private static final JsonNode SHORTER =
            JsonNodeFactory.instance.objectNode().put("duration", 12);

    CorrectedLettersIT() {
        super(4);
    }

    @Test
    void shouldNotBuyAgainWhatWasMadeWithTheSameCorrection() throws Exception {
        UUID id = putFailed(LONG, at(2));
        UUID other = putFailed(LONG.replace("rain", "wind"), at(2));
        made(
                MUSIC,
                "corrected",
                at(10),
                new InputKeys(catalogue, MUSIC).ofOurs("{\"duration\":12.0,\"prompt\":\"rain\"}"),
                null);

        assertThat(items(replay(thisHour(), SHORTER)))
                .containsExactlyInAnyOrder(id + " provider_has_it", other.toString());
        assertThat(store.text("select evidence_message from restored_job where evidence is not null"))
                .startsWith(
                        "the provider made prediction corrected of its model with the input that it is to have now at ");
        assertThat(items(replay(thisHour(), SHORTER)))
                .as("and by the next one, which restores nothing")
                .containsExactlyInAnyOrder(id + " provider_has_it", other.toString());
    }

    @Test
    void shouldHoldWhatWasMadeWithoutTheCorrectionAgainstItAsWell() throws Exception {
        UUID id = putFailed(LONG, at(2));
        made(MUSIC, "as it was", at(10), new InputKeys(catalogue, MUSIC).ofOurs(LONG), null);

        assertThat(items(replay(thisHour(), SHORTER))).containsExactly(id + " provider_has_it");
    }

    @Test
    void shouldNotBuyAClipsWorkAgainThatWasMadeWithTheSameCorrection() throws Exception {
        String clip = "{\"prompt\":\"rain\",\"audio\":\"media:sha256:" + "a".repeat(64) + "\",\"duration\":%s}";
        UUID id = UUID.randomUUID();
        putFailed(id, AUDIO, clip.formatted("9000"), "[]", at(2));
        made(
                AUDIO,
                "uploaded",
                at(10),
                "b".repeat(64),
                new InputKeys(catalogue, AUDIO).withoutClips(clip.formatted("12")));

        assertThat(items(replay(thisHour(), SHORTER))).containsExactly(id + " history_unread");
    }
}
