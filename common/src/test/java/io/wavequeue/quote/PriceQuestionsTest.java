package io.wavequeue.quote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.wavequeue.catalogue.Catalogue;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

class PriceQuestionsTest {
    private static final Catalogue CATALOGUE = Catalogue.load(null, null);
    private static final String MUSIC = "stability-ai/stable-audio-3/music";
    private static final String INPAINTING = "stability-ai/stable-audio-3/audio-inpainting";
    private static final String ACE_STEP = "wavespeed-ai/ace-step/audio-outpaint";
    private static final BigDecimal CENT = new BigDecimal("0.01");

    private final PriceQuestions questions = new PriceQuestions(CATALOGUE, 3);

    private static String aceStep(String source, String seconds) {
        return "{\"tags\":\"calm\",\"audio\":\"%s\",\"extend_after_duration\":%s}".formatted(source, seconds);
    }

    @Test
    void shouldAskOnceForAPriceThatIsTheSameForEveryRun() {
        questions.add(MUSIC, "{\"prompt\":\"rain\",\"duration\":5}", CENT);
        questions.add(MUSIC, "{\"prompt\":\"wind\",\"duration\":90.5}", CENT);

        assertThat(questions.gathered())
                .extracting(
                        PriceQuestion::model, PriceQuestion::input, PriceQuestion::jobs, PriceQuestion::catalogueUsd)
                .containsExactly(tuple(MUSIC, "{\"prompt\":\"rain\",\"duration\":5}", 2L, new BigDecimal("0.02")));
    }

    @Test
    void shouldNotGiveAwayAClipOnWhichThePriceDoesNotDepend() {
        questions.add(INPAINTING, "{\"prompt\":\"rain\",\"audio\":\"https://example.com/a.wav?key=1\"}", CENT);

        assertThat(questions.gathered().getFirst().input()).isEqualTo("{\"prompt\":\"rain\"}");
    }

    @Test
    void shouldAskForEachLengthAndSourceUpToABoundAndGatherTheRest() {
        String one = "https://example.com/a.wav";
        questions.add(ACE_STEP, aceStep(one, "30"), CENT);
        questions.add(ACE_STEP, "{\"tags\":\"x\",\"audio\":\"" + one + "\"}", CENT);
        questions.add(ACE_STEP, aceStep(one, "3e1"), CENT);
        questions.add(ACE_STEP, aceStep("https://example.com/b.wav", "30"), CENT);
        questions.add(ACE_STEP, aceStep(one, "30.5"), null);
        questions.add(ACE_STEP, aceStep(one, "31"), CENT);
        questions.add(ACE_STEP, aceStep(one, "32"), CENT);
        questions.add(ACE_STEP, aceStep(one, "30.50"), CENT);

        List<PriceQuestion> gathered = questions.gathered();
        assertThat(gathered)
                .extracting(PriceQuestion::jobs, PriceQuestion::catalogueUsd, PriceQuestion::isAsked)
                .containsExactly(
                        tuple(3L, new BigDecimal("0.03"), true),
                        tuple(1L, CENT, true),
                        tuple(2L, null, true),
                        tuple(2L, new BigDecimal("0.02"), false));
        assertThat(gathered.get(2).input()).contains(one).contains("30.5");
    }

    @Test
    void shouldRefuseABoundBelowOne() {
        assertThatThrownBy(() -> new PriceQuestions(CATALOGUE, 0)).hasMessageContaining("most-per-model is 0");
    }
}
