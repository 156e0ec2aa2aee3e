package io.wavequeue.cli.demo;

import java.util.SplittableRandom;

/** Small sounds from arithmetic, as samples between -1 and 1. */
final class Synthesis {

    private static final long SEED = 20_261_120L;
    private static final double TURN = 2 * Math.PI;
    // D minor: D4 F4 A4 D5 C5 A4 F4 D4
    private static final double[] MELODY = {293.66, 349.23, 440.00, 587.33, 523.25, 440.00, 349.23, 293.66};

    private Synthesis() {}

    /** Noise through a low-pass whose edge and loudness wander like gusts. */
    static double[] wind(double seconds) {
        SplittableRandom noise = new SplittableRandom(SEED);
        double[] samples = silence(seconds);
        double low = 0;
        double lower = 0;
        for (int i = 0; i < samples.length; i++) {
            double t = time(i);
            double gust = 0.5 + 0.3 * Math.sin(TURN * 0.31 * t) + 0.2 * Math.sin(TURN * 0.83 * t + 1);
            double edge = 0.015 + 0.06 * gust;
            low += edge * (noise.nextDouble(-1, 1) - low);
            lower += edge * (low - lower);
            samples[i] = 3.5 * lower * (0.4 + 0.6 * gust) * faded(t, seconds, 0.25);
        }
        return samples;
    }

    /** A burst of noise that is gone at once, over a sine that falls from 140 to 45 Hz. */
    static double[] hit(double seconds) {
        SplittableRandom noise = new SplittableRandom(SEED + 1);
        double[] samples = silence(seconds);
        double phase = 0;
        for (int i = 0; i < samples.length; i++) {
            double t = time(i);
            phase += TURN * (45 + 95 * Math.exp(-9 * t)) / Wav.SAMPLE_RATE;
            double crack = noise.nextDouble(-1, 1) * Math.exp(-28 * t);
            double body = Math.sin(phase) * Math.exp(-4 * t);
            samples[i] = (0.5 * crack + 0.6 * body) * faded(t, seconds, 0.005);
        }
        return samples;
    }

    /** The melody, each note plucked and left to ring. */
    static double[] theme(double secondsPerNote) {
        double[] samples = silence(secondsPerNote * MELODY.length);
        int noteLength = samples.length / MELODY.length;
        for (int i = 0; i < samples.length; i++) {
            int note = Math.min(i / noteLength, MELODY.length - 1);
            double t = time(i - note * noteLength);
            double pitch = TURN * MELODY[note] * t;
            double tone = Math.sin(pitch) + 0.4 * Math.sin(2 * pitch) + 0.15 * Math.sin(3 * pitch);
            samples[i] = 0.45 * tone * Math.exp(-3.5 * t) * faded(t, secondsPerNote, 0.01);
        }
        return samples;
    }

    private static double[] silence(double seconds) {
        return new double[(int) Math.round(seconds * Wav.SAMPLE_RATE)];
    }

    private static double time(int sample) {
        return (double) sample / Wav.SAMPLE_RATE;
    }

    /** 1, but rising from 0 at the start and falling to 0 at the end, so that nothing clicks. */
    private static double faded(double t, double length, double fade) {
        return Math.clamp(Math.min(t, length - t) / fade, 0.0, 1.0);
    }
}
