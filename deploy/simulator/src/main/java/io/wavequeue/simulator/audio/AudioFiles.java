package io.wavequeue.simulator.audio;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.EnumMap;
import java.util.Map;

/** Makes an output file. Safe to use from several threads; the answer depends on the arguments alone. */
public final class AudioFiles {
    private static final BigDecimal SHORTEST = BigDecimal.ONE;

    private final WavWriter wav = new WavWriter();
    private final FlacWriter flac = new FlacWriter();
    private final Map<AudioFormat, byte[]> fixtures = new EnumMap<>(AudioFormat.class);

    public AudioFiles() {
        for (AudioFormat format : AudioFormat.values()) {
            if (!isWritten(format)) {
                fixtures.put(format, fixture("clip." + format.extension()));
            }
        }
    }

    /** Whether files of this format are written to length, which takes milliseconds for long ones. */
    public boolean isWritten(AudioFormat format) {
        return format == AudioFormat.WAV || format == AudioFormat.FLAC;
    }

    /**
     * The bytes of one output.
     *
     * @param name becomes part of the file and chooses its tune
     * @param seconds the exact length of {@code wav} and {@code flac} (nothing to play becomes one second)
     */
    public byte[] make(AudioFormat format, String name, BigDecimal seconds) {
        int voice = Math.floorMod(name.hashCode(), Tune.VOICES);
        return switch (format) {
            case WAV -> wav.write(voice, samples(seconds), name);
            case FLAC -> flac.write(voice, samples(seconds), name);
            case MP3, OGG, OPUS, M4A, AAC -> Stamp.mark(format, fixtures.getOrDefault(format, new byte[0]), name);
        };
    }

    private static long samples(BigDecimal seconds) {
        BigDecimal length = seconds.signum() > 0 ? seconds : SHORTEST;
        return Math.max(
                1,
                length.multiply(BigDecimal.valueOf(Tune.SAMPLE_RATE))
                        .setScale(0, RoundingMode.HALF_UP)
                        .longValueExact());
    }

    private static byte[] fixture(String file) {
        String path = "/io/wavequeue/simulator/audio/" + file;
        try (InputStream in = AudioFiles.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("the program is incomplete: " + path + " is missing");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
    }
}
