package io.wavequeue.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.store.EvidenceMatch.Event;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Inputs are letters; the replay corrects some of them to {@code x}. */
class EvidenceMatchTest {
    private final EvidenceMatch match = new EvidenceMatch();

    private static UUID id(String job) {
        return UUID.nameUUIDFromBytes(job.getBytes(StandardCharsets.UTF_8));
    }

    private void job(String job, String input, String asked) {
        match.take(new Event("m", asked, input, id(job), null));
    }

    private void prediction(String prediction, String input, String asked) {
        match.take(new Event("m", asked, input, null, prediction));
    }

    @Test
    void shouldLetEachPredictionStandAgainstTheOldestOfItsInputThatIsBeforeIt() {
        prediction("0", "a", "a");
        job("first", "a", "a");
        job("second", "a", "a");
        prediction("1", "a", "a");
        job("third", "a", "a");
        prediction("2", "a", "a");
        job("other", "b", "b");
        prediction("3", "b", "b");

        assertThat(match.made()).isEqualTo(Map.of(id("first"), "1", id("second"), "2", id("other"), "3"));
    }

    @Test
    void shouldLetAPredictionOfTheCorrectedInputStandAgainstAnyThatIsToHaveIt() {
        job("first", "a", "x");
        job("second", "x", "x");
        prediction("1", "x", "x");
        prediction("2", "b", "x");
        prediction("3", "x", "x");
        prediction("4", "x", "x");

        assertThat(match.made()).isEqualTo(Map.of(id("first"), "1", id("second"), "3"));
    }

    /** Two were made, and two are not to be made again, whichever prediction comes first. */
    @Test
    void shouldPassAPredictionOnWhenAnotherCanOnlyBeOfItsJob() {
        job("first", "a", "x");
        job("second", "b", "x");
        prediction("corrected", "x", "x");
        prediction("as it was", "a", "x");

        assertThat(match.made()).isEqualTo(Map.of(id("first"), "as it was", id("second"), "corrected"));
    }

    @Test
    void shouldNotPassAPredictionOnToAJobThatFailedAfterIt() {
        job("first", "a", "x");
        prediction("corrected", "x", "x");
        job("second", "b", "x");
        prediction("as it was", "a", "x");

        assertThat(match.made()).isEqualTo(Map.of(id("first"), "as it was"));
    }
}
