package io.wavequeue.worker.audio;

/** Takes samples as they are decoded and keeps of them what a verdict needs, however many there are. Full scale is 1. */
final class Meter {
    /** So many samples of a channel in a row at full scale are a clipped peak; fewer may be a peak that just reaches it. */
    private static final int CLIPPED_RUN = 3;

    /** Less by one and a half steps of 16 bits: some writers stop a step short of it. */
    private static final float FULL_SCALE = 0.999_96f;

    private final int sampleRate;
    private final int channels;
    private final int[] atFullScale;
    private int channel = -1;
    private long samples;
    private long clipped;
    private long notNumbers;
    private float peak;

    Meter(int sampleRate, int channels) {
        if (sampleRate <= 0 || channels <= 0) {
            throw new IllegalArgumentException(channels + " channels at " + sampleRate + " Hz are no audio");
        }
        this.sampleRate = sampleRate;
        this.channels = channels;
        this.atFullScale = new int[channels];
    }

    /** The next sample; those of the channels follow each other. */
    void take(float sample) {
        samples++;
        channel = channel + 1 == channels ? 0 : channel + 1;
        float height = Math.abs(sample);
        if (!Float.isFinite(height)) {
            notNumbers++;
            return;
        }
        peak = Math.max(peak, height);
        if (height < FULL_SCALE) {
            atFullScale[channel] = 0;
            return;
        }
        int run = ++atFullScale[channel];
        if (run >= CLIPPED_RUN) {
            clipped += run == CLIPPED_RUN ? CLIPPED_RUN : 1;
        }
    }

    int sampleRate() {
        return sampleRate;
    }

    int channels() {
        return channels;
    }

    /** Samples of each channel. */
    long frames() {
        return samples / channels;
    }

    /** The highest absolute value. */
    double peak() {
        return peak;
    }

    /** The part of the samples that is in clipped peaks, 0 to 1. */
    double clipped() {
        return samples == 0 ? 0 : (double) clipped / samples;
    }

    boolean tookNonsense() {
        return notNumbers > 0;
    }
}
