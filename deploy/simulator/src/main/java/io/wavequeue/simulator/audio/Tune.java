package io.wavequeue.simulator.audio;

/**
 * A two-second loop of plucked notes, mono, 16 bits, 8 kHz. There are eight of them. A clip of any length is the loop
 * repeated, which is what lets the FLAC writer encode each block once.
 */
final class Tune {
    static final int SAMPLE_RATE = 8_000;
    static final int LENGTH = 2 * SAMPLE_RATE;
    static final int VOICES = 8;

    private static final int NOTES = 4;
    private static final double[] STEPS = {1.0, 1.25, 1.5, 1.25};
    private static final double LOUDNESS = 6_000;

    private Tune() {}

    static short[] loop(int voice) {
        short[] samples = new short[LENGTH];
        int noteLength = LENGTH / NOTES;
        double root = 165 * Math.pow(2, (voice % VOICES) / 12.0);
        for (int i = 0; i < LENGTH; i++) {
            double seconds = (double) (i % noteLength) / SAMPLE_RATE;
            double pitch = root * STEPS[i / noteLength];
            double loudness = LOUDNESS * Math.exp(-5 * seconds);
            samples[i] = (short) Math.round(loudness * Math.sin(2 * Math.PI * pitch * seconds));
        }
        return samples;
    }
}
