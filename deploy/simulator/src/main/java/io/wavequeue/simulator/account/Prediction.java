package io.wavequeue.simulator.account;

import io.wavequeue.simulator.audio.AudioFormat;
import io.wavequeue.simulator.catalogue.ModelSpec;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** One accepted submit. Times are {@link Micros}, -1 until they happen. */
public final class Prediction {
    private static final BigDecimal NOTHING = BigDecimal.ZERO.setScale(6);

    private final String id;
    private final Submission submission;
    private final long acceptedAt;
    private final long draw;
    private final Course course;
    private final Terms terms;
    private long startedAt = -1;
    private long endedAt = -1;
    private boolean deleted;
    private BigDecimal refunded = NOTHING;
    private int polls;
    private int downloads;

    /**
     * What was submitted and what it will give.
     *
     * @param body the request's bytes
     * @param marker the hash that its draws follow from: the body's, with addresses of files of this simulator left out
     * @param price USD, charged at acceptance
     * @param clipSeconds length of the output
     * @param base64 whether the output is given in the answer instead of by URL
     * @param webhook null when nobody is told
     * @param foreign whether it was made by somebody else who uses the account, not by a submit
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody, and a copy per request would cost
    public record Submission(
            ModelSpec model,
            byte[] body,
            BodyHash hash,
            BodyHash marker,
            BigDecimal price,
            AudioFormat format,
            BigDecimal clipSeconds,
            boolean base64,
            @Nullable Webhook webhook,
            boolean foreign) {}

    Prediction(String id, Submission submission, long acceptedAt, long draw, Course course, Terms terms) {
        this.id = id;
        this.submission = submission;
        this.acceptedAt = acceptedAt;
        this.draw = draw;
        this.course = course;
        this.terms = terms;
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

    public Terms terms() {
        return terms;
    }

    public boolean isForeign() {
        return submission.foreign();
    }

    /** {@link Micros} of its end, -1 while it runs. */
    public long endedAt() {
        return endedAt;
    }

    public boolean isDeleted() {
        return deleted;
    }

    public Status status() {
        if (deleted) {
            return Status.DELETED;
        }
        if (endedAt >= 0) {
            return course.end();
        }
        return startedAt >= 0 ? Status.PROCESSING : Status.CREATED;
    }

    public BigDecimal refundedUsd() {
        return refunded;
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

    /** Forgets its outputs; one that runs ends now. */
    void delete(long at) {
        deleted = true;
        if (endedAt < 0) {
            endedAt = at;
        }
    }

    void refund(BigDecimal amount) {
        refunded = refunded.add(amount);
    }
}
