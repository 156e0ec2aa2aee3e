package io.wavequeue.store;

import java.util.Set;

/**
 * What a file of cues is allowed to do with its library.
 *
 * @param reuse whether archived results of the same work may serve
 * @param retakeOf verdicts and reasons of archived audio because of which a take is made again
 * @param mostRetakes how often at most
 */
public record LibraryWish(boolean reuse, Set<String> retakeOf, int mostRetakes) {
    /** Reuses, and makes nothing again. */
    public static final LibraryWish USUAL = new LibraryWish(true, Set.of(), 2);

    public LibraryWish {
        retakeOf = Set.copyOf(retakeOf);
    }
}
