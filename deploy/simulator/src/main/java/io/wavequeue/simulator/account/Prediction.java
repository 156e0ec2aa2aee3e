package io.wavequeue.simulator.account;

import io.wavequeue.simulator.audio.AudioFormat;
import io.wavequeue.simulator.catalogue.ModelSpec;
import java.math.BigDecimal;

/** One accepted submit. Times are {@link Micros}, -1 until they happen. */
public final class Prediction {
    private final String id;
    private final Submission submission;
    private final long acceptedAt;
    private final long draw;
    private final Course course;
    private long startedAt = -1;
    private long endedAt = -1;
    private boolean refunded;
    private int polls;
    private int downloads;

    /**
     * What was submitted and what it will give.
     *
     * @param body the request's bytes
     * @param price USD, charged at acceptance
     * @param clipSeconds length of the output
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody, and a copy per request would cost
    public record Submission(
            ModelSpec model,
            byte[] body,
            BodyHash hash,
            BigDecimal price,
            AudioFormat format,
            BigDecimal clipSeconds) {}

    Prediction(String id, Submission submission, long acceptedAt, long draw, Course course) {
        this.id = id;
        this.submission = submission;
        this.acceptedAt = acceptedAt;
        this.draw = draw;
        this.course = course;
    }

    public String id() {
        return id;
    }

    public Submission submission() {
        return submission;
    }

    public long acceptedAt() {
        return acceptedAt;
    }

    /** A number that belongs to this prediction, the same in every run with the same seed. */
    public long draw() {
        return draw;
    }

    public Course course() {
        return course;
    }

    public Status status() {
        if (endedAt >= 0) {
            return course.end();
        }
        return startedAt >= 0 ? Status.PROCESSING : Status.CREATED;
    }

    public BigDecimal refundedUsd() {
        return refunded ? submission.price() : BigDecimal.ZERO.setScale(6);
    }

    /** Counts one more poll and says how many came before. */
    public int countPoll() {
        return polls++;
    }

    /** Counts one more download and says how many came before. */
    public int countDownload() {
        return downloads++;
    }

    void start(long at) {
        startedAt = at;
    }

    boolean runsForever() {
        return course.runMs() == Course.FOREVER;
    }

    long endsAt() {
        return startedAt + course.runMs() * Micros.MILLISECOND;
    }

    void end(long at) {
        endedAt = at;
    }

    void refund() {
        refunded = true;
    }
}
