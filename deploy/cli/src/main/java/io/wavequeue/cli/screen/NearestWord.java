package io.wavequeue.cli.screen;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Guesses which word was meant. */
public final class NearestWord {

    private NearestWord() {}

    /** The nearest of the words; empty when none is near enough to be meant. */
    public static Optional<String> of(String typed, List<String> words) {
        int bound = Math.max(2, typed.length() / 2);
        return words.stream()
                .filter(word -> word.startsWith(typed) || distance(typed, word) <= bound)
                .min(Comparator.comparingInt(word -> distance(typed, word)));
    }

    /** Letters to insert, remove or replace, and neighbours to swap, to make one word of the other. */
    static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                d[i][j] = i == 0 || j == 0 ? i + j : step(d, a, b, i, j);
            }
        }
        return d[a.length()][b.length()];
    }

    private static int step(int[][] d, String a, String b, int i, int j) {
        int replaced = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int best = Math.min(replaced, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, d[i - 2][j - 2] + 1) : best;
    }
}
