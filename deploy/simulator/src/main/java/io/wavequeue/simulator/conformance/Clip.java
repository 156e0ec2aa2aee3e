package io.wavequeue.simulator.conformance;

import io.wavequeue.simulator.audio.AudioFiles;
import io.wavequeue.simulator.audio.AudioFormat;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The source clip that is uploaded, and what ACE-Step may charge for extending it. The lengths are such that every reading
 * of "per second of generated audio" gives another price, also when prices are rounded to 4 decimals.
 */
final class Clip {
    static final BigDecimal SECONDS = new BigDecimal("20.3");
    static final BigDecimal EXTENSION = new BigDecimal("10.4");

    private static final BigDecimal TOLERANCE = new BigDecimal("0.00004");

    private BigDecimal perSecond;
    private @Nullable String url;

    /** @param perSecond what our price list has for ACE-Step outpaint */
    Clip(BigDecimal perSecond) {
        this.perSecond = perSecond;
    }

    static byte[] wav() {
        return new AudioFiles().make(AudioFormat.WAV, "wavequeue conformance", SECONDS);
    }

    /** Where the service has it; null before it is uploaded. */
    @Nullable
    String url() {
        return url;
    }

    void isAt(String downloadUrl) {
        url = downloadUrl;
    }

    /** Takes the service's own price of a second. */
    void costs(BigDecimal usd) {
        perSecond = usd.signum() > 0 ? usd : perSecond;
    }

    /** The most that any reading charges. */
    static BigDecimal mostSeconds() {
        return up(SECONDS).add(up(EXTENSION));
    }

    /**
     * Which reading this price is.
     *
     * @param share of the listed price that is due after a discount
     */
    String reading(BigDecimal usd, BigDecimal share) {
        String what = Usd.text(usd) + " for " + EXTENSION + " s after " + SECONDS + " s is ";
        BigDecimal second = perSecond.multiply(share);
        if (second.signum() == 0) {
            return what + (usd.signum() == 0 ? "free of charge" : "more than its quote, which was free of charge");
        }
        Map<String, BigDecimal> readings = new LinkedHashMap<>();
        BigDecimal output = SECONDS.add(EXTENSION);
        readings.put("the extension alone, to the fraction", EXTENSION);
        readings.put("the extension alone, rounded up", up(EXTENSION));
        readings.put("the extension alone, rounded down", down(EXTENSION));
        readings.put("the whole output, to the fraction", output);
        readings.put("the whole output, rounded up", up(output));
        readings.put("the whole output, rounded down", down(output));
        readings.put("source and extension, each rounded up", mostSeconds());
        readings.put("the source alone", SECONDS);
        String fitting = readings.entrySet().stream()
                .filter(reading ->
                        reading.getValue().multiply(second).subtract(usd).abs().compareTo(TOLERANCE) <= 0)
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(" or "));
        BigDecimal seconds = usd.divide(second, 2, RoundingMode.HALF_UP);
        return what + (fitting.isEmpty() ? "none of the readings: " + seconds + " s" : fitting);
    }

    private static BigDecimal up(BigDecimal seconds) {
        return seconds.setScale(0, RoundingMode.CEILING);
    }

    private static BigDecimal down(BigDecimal seconds) {
        return seconds.setScale(0, RoundingMode.FLOOR);
    }
}
