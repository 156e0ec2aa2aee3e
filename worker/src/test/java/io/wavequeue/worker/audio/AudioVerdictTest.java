package io.wavequeue.worker.audio;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.wavequeue.catalogue.Model.ExpectedOutput;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AudioVerdictTest {
    private static final ExpectedOutput TEN_SECONDS = new ExpectedOutput("wav", BigDecimal.TEN, false);

    private static Measurement clip(AudioKind kind, double seconds, double peak, double clipped, Fault... faults) {
        return new Measurement(kind, 1_000, 2, Math.round(seconds * 1_000), peak, clipped, Set.of(faults), null);
    }

    private static Measurement nothing(@Nullable AudioKind kind, Fault fault) {
        return new Measurement(kind, 0, 0, 0, 0, 0, Set.of(fault), null);
    }

    private static void assertVerdict(AudioVerdict found, Verdict verdict, Reason... reasons) {
        assertThat(found.verdict()).isEqualTo(verdict);
        assertThat(found.reasons()).containsExactlyInAnyOrder(reasons);
    }

    @Test
    void shouldBeOkWhenItIsAsAsked() {
        assertThat(AudioVerdict.of(clip(AudioKind.WAV, 10.02, 0.5, 0), TEN_SECONDS))
                .isEqualTo(new AudioVerdict(
                        Verdict.OK,
                        List.of(),
                        "wav",
                        new BigDecimal("10.020"),
                        1_000,
                        2,
                        new BigDecimal("-6.02"),
                        null,
                        null));
    }

    @ParameterizedTest
    @CsvSource({"9.51, OK", "9.49, SUSPECT", "10.5, OK", "10.51, SUSPECT", "0.5, SUSPECT"})
    void shouldBeSuspectWhenTheLengthIsAnother(double seconds, Verdict verdict) {
        AudioVerdict found = AudioVerdict.of(clip(AudioKind.WAV, seconds, 0.5, 0), TEN_SECONDS);

        assertThat(found.verdict()).isEqualTo(verdict);
        assertThat(found.reasons()).isEqualTo(verdict == Verdict.OK ? List.of() : List.of(Reason.DURATION));
    }

    @ParameterizedTest
    @CsvSource({"100, OK", "9.49, SUSPECT"})
    void shouldAllowMoreWhenTheSourceIsAPartOfIt(double seconds, Verdict verdict) {
        ExpectedOutput atLeast = new ExpectedOutput("wav", BigDecimal.TEN, true);

        assertThat(AudioVerdict.of(clip(AudioKind.WAV, seconds, 0.5, 0), atLeast)
                        .verdict())
                .isEqualTo(verdict);
    }

    @Test
    void shouldBeSuspectWhenTheFormatIsAnother() {
        assertVerdict(AudioVerdict.of(clip(AudioKind.MP3, 10, 0.5, 0), TEN_SECONDS), Verdict.SUSPECT, Reason.FORMAT);
    }

    @Test
    void shouldTakeOpusForOggAndAnyFormatWhereNoneWasAsked() {
        assertThat(AudioVerdict.of(clip(AudioKind.OPUS, 10, 0.5, 0), new ExpectedOutput("ogg", null, false))
                        .verdict())
                .isEqualTo(Verdict.OK);
        assertThat(AudioVerdict.of(clip(AudioKind.FLAC, 10, 0.5, 0), new ExpectedOutput(null, null, false))
                        .verdict())
                .isEqualTo(Verdict.OK);
    }

    @Test
    void shouldBeSuspectWhenItIsSilentOrClipped() {
        assertVerdict(AudioVerdict.of(clip(AudioKind.WAV, 10, 0, 0), TEN_SECONDS), Verdict.SUSPECT, Reason.SILENT);
        assertVerdict(AudioVerdict.of(clip(AudioKind.WAV, 10, 1, 0.01), null), Verdict.SUSPECT, Reason.CLIPPED);
        assertVerdict(AudioVerdict.of(clip(AudioKind.WAV, 10, 1, 0.000_05), null), Verdict.OK);
    }

    @Test
    void shouldBeBrokenWhateverElseIsWrongWhenSomethingIsMissing() {
        assertVerdict(
                AudioVerdict.of(clip(AudioKind.WAV, 5, 1, 0.5, Fault.TRUNCATED), TEN_SECONDS),
                Verdict.BROKEN,
                Reason.TRUNCATED,
                Reason.DURATION,
                Reason.CLIPPED);
        assertVerdict(
                AudioVerdict.of(nothing(AudioKind.WAV, Fault.UNDECODABLE), TEN_SECONDS),
                Verdict.BROKEN,
                Reason.UNDECODABLE);
    }

    @Test
    void shouldBeBrokenWhenAKnownFormatWasAskedForAndNoneCame() {
        assertVerdict(
                AudioVerdict.of(nothing(null, Fault.NO_DECODER), TEN_SECONDS), Verdict.BROKEN, Reason.UNDECODABLE);
    }

    @Test
    void shouldBeUnknownWhenNothingDecodesTheFormat() {
        ExpectedOutput unknown = new ExpectedOutput("wma", null, false);

        assertVerdict(AudioVerdict.of(nothing(null, Fault.NO_DECODER), unknown), Verdict.UNKNOWN, Reason.NO_DECODER);
        assertVerdict(AudioVerdict.of(nothing(null, Fault.NO_DECODER), null), Verdict.UNKNOWN, Reason.NO_DECODER);
        assertVerdict(
                AudioVerdict.of(nothing(AudioKind.M4A, Fault.NO_DECODER), new ExpectedOutput("m4a", null, false)),
                Verdict.UNKNOWN,
                Reason.NO_DECODER);
    }

    @ParameterizedTest
    @EnumSource
    void shouldJudgeByEveryFault(Fault fault) {
        assertThat(AudioVerdict.of(clip(AudioKind.WAV, 10, 0.5, 0, fault), TEN_SECONDS)
                        .verdict())
                .isNotEqualTo(Verdict.OK);
    }

    @Test
    void shouldShowEveryFieldInItsOrder() throws JsonProcessingException {
        Measurement loud = new Measurement(
                AudioKind.WAV, 1_000, 2, 10_000, 0.5, 0, Set.of(Fault.DAMAGED), new Loudness(-23.04, -5.98));

        assertThat(new ObjectMapper().writeValueAsString(AudioVerdict.of(loud, TEN_SECONDS)))
                .isEqualTo(
                        "{\"verdict\":\"suspect\",\"reasons\":[\"damaged\"],\"format\":\"wav\",\"duration_s\":10.000,"
                                + "\"sample_rate\":1000,\"channels\":2,\"peak_dbfs\":-6.02,\"loudness_lufs\":-23.0,"
                                + "\"true_peak_dbtp\":-6.0}");
        assertThat(new ObjectMapper().writeValueAsString(AudioVerdict.unknown(Reason.TOOK_TOO_LONG)))
                .isEqualTo(
                        "{\"verdict\":\"unknown\",\"reasons\":[\"took_too_long\"],\"format\":null,\"duration_s\":null,"
                                + "\"sample_rate\":null,\"channels\":null,\"peak_dbfs\":null,\"loudness_lufs\":null,"
                                + "\"true_peak_dbtp\":null}");
    }
}
