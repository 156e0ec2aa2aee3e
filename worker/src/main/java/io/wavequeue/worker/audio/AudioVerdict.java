package io.wavequeue.worker.audio;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.wavequeue.catalogue.Model.ExpectedOutput;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is shown of an archived file as {@code audio}. Null stands for what nobody measured.
 *
 * @param reasons empty when all is well
 * @param format by the content, such as {@code mp3}; null = none that is known
 * @param durationS in seconds
 * @param sampleRate in Hz
 * @param peakDbfs the highest sample; null = digital silence, too
 * @param loudnessLufs integrated, after EBU R 128; null = silence or less than 0.4 s, too
 * @param truePeakDbtp null = digital silence, too
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record AudioVerdict(
        Verdict verdict,
        List<Reason> reasons,
        @Nullable String format,
        @Nullable BigDecimal durationS,
        @Nullable Integer sampleRate,
        @Nullable Integer channels,
        @Nullable BigDecimal peakDbfs,
        @Nullable BigDecimal loudnessLufs,
        @Nullable BigDecimal truePeakDbtp) {
    /** Encoders pad, and models count in frames of a tenth of a second. No model's page promises more. */
    private static final BigDecimal SLACK_SECONDS = new BigDecimal("0.3");

    private static final BigDecimal SLACK_SHARE = new BigDecimal("0.02");
    private static final double SILENCE = 0.001;
    private static final double CLIPPED_SHARE = 0.000_1;

    public AudioVerdict {
        reasons = List.copyOf(reasons);
    }

    /** Of a file that could not be measured. */
    public static AudioVerdict unknown(Reason reason) {
        return new AudioVerdict(Verdict.UNKNOWN, List.of(reason), null, null, null, null, null, null, null);
    }

    /** @param expected null = nobody knows what was asked for */
    public static AudioVerdict of(Measurement found, @Nullable ExpectedOutput expected) {
        Set<Reason> reasons = EnumSet.noneOf(Reason.class);
        found.faults().forEach(fault -> reasons.add(reason(fault)));
        if (found.kind() == null && expected != null && AudioKind.isKnown(expected.format())) {
            reasons.remove(Reason.NO_DECODER);
            reasons.add(Reason.UNDECODABLE);
        }
        if (found.frames() > 0) {
            listen(found, reasons);
        }
        if (expected != null) {
            compare(found, expected, reasons);
        }
        Verdict worst = reasons.stream()
                .map(Reason::verdict)
                .max(Comparator.comparing(AudioVerdict::weight))
                .orElse(Verdict.OK);
        AudioKind kind = found.kind();
        boolean heard = found.frames() > 0;
        Loudness loudness = found.loudness();
        return new AudioVerdict(
                worst,
                List.copyOf(reasons),
                kind == null ? null : kind.code(),
                heard ? seconds(found) : null,
                heard ? found.sampleRate() : null,
                heard ? found.channels() : null,
                found.peak() > 0 ? rounded(20 * Math.log10(found.peak()), 2) : null,
                loudness == null ? null : rounded(loudness.integratedLufs(), 1),
                loudness == null ? null : rounded(loudness.truePeakDbtp(), 1));
    }

    private static Reason reason(Fault fault) {
        return switch (fault) {
            case TRUNCATED -> Reason.TRUNCATED;
            case DAMAGED -> Reason.DAMAGED;
            case UNDECODABLE -> Reason.UNDECODABLE;
            case NO_DECODER -> Reason.NO_DECODER;
        };
    }

    private static void listen(Measurement found, Set<Reason> reasons) {
        if (found.peak() < SILENCE) {
            reasons.add(Reason.SILENT);
        }
        if (found.clipped() > CLIPPED_SHARE) {
            reasons.add(Reason.CLIPPED);
        }
    }

    private static void compare(Measurement found, ExpectedOutput expected, Set<Reason> reasons) {
        AudioKind kind = found.kind();
        String format = expected.format();
        if (kind != null && format != null && !isOf(kind, format)) {
            reasons.add(Reason.FORMAT);
        }
        BigDecimal asked = expected.seconds();
        if (asked == null || found.frames() == 0) {
            return;
        }
        BigDecimal slack = asked.multiply(SLACK_SHARE).add(SLACK_SECONDS);
        BigDecimal longer = seconds(found).subtract(asked);
        if (longer.negate().compareTo(slack) > 0 || (!expected.atLeast() && longer.compareTo(slack) > 0)) {
            reasons.add(Reason.DURATION);
        }
    }

    /** An Ogg file may hold Opus. */
    private static boolean isOf(AudioKind kind, String format) {
        return kind.code().equals(format) || (kind == AudioKind.OPUS && format.equals(AudioKind.OGG.code()));
    }

    /** What is certain outweighs what is a suspicion, and that outweighs what is not known. */
    private static int weight(Verdict verdict) {
        return switch (verdict) {
            case OK -> 0;
            case UNKNOWN -> 1;
            case SUSPECT -> 2;
            case BROKEN -> 3;
        };
    }

    private static BigDecimal seconds(Measurement found) {
        return BigDecimal.valueOf(found.frames())
                .divide(BigDecimal.valueOf(found.sampleRate()), 3, RoundingMode.HALF_UP);
    }

    private static @Nullable BigDecimal rounded(@Nullable Double value, int places) {
        return value == null ? null : BigDecimal.valueOf(value).setScale(places, RoundingMode.HALF_UP);
    }
}
