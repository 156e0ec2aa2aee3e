package io.wavequeue.job;

import org.jspecify.annotations.Nullable;

/**
 * A take that a line of a manifest asks for, beside the job that would make it.
 *
 * @param item number of the line's request in the file, from 0
 * @param line on which it stands, from 1
 * @param number of the take, from 1
 * @param contentKey by which its work is known again
 * @param names of its files; null = they get none
 * @param reuse whether an archived result of the same work may serve
 * @param fixedSeed whether the line names a seed, so that making it again would give the same
 */
public record NewTake(
        int item,
        int line,
        int number,
        String contentKey,
        @Nullable Names names,
        boolean reuse,
        boolean fixedSeed) {
    public static final int MOST = 100;

    /**
     * Names without extension, each also in the form in which names are compared.
     *
     * @param cue while the take is the picked one
     */
    public record Names(String take, String takeFolded, String cue, String cueFolded) {}
}
