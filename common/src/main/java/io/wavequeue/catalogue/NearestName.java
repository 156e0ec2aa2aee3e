package io.wavequeue.catalogue;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds what somebody probably meant to write, for «did you mean». */
public final class NearestName {
    private static final int LONGEST_GIVEN = 200;
    private static final int MOST_EDITS = 4;
    private static final int SHORTEST_PART = 4;

    private NearestName() {}

    /**
     * The known name that is nearest by edit distance (a swap of neighbours counts once; case, {@code -} and {@code _}
     * make no difference), when it is near enough to be meant; else the only known name that the given one is a part of.
     * Of equally near names the first in alphabetical order.
     */
    public static Optional<String> of(String given, Collection<String> known) {
        if (given.isBlank() || given.length() > LONGEST_GIVEN) {
            return Optional.empty();
        }
        String wanted = folded(given);
        int limit = Math.clamp(wanted.length() / 3, 1, MOST_EDITS);
        String best = null;
        int fewest = limit + 1;
        for (String name : known.stream().sorted().toList()) {
            int edits = edits(wanted, folded(name), fewest);
            if (edits < fewest) {
                best = name;
                fewest = edits;
            }
        }
        return Optional.ofNullable(best).or(() -> onlyOneWith(wanted, known));
    }

    private static Optional<String> onlyOneWith(String part, Collection<String> known) {
        if (part.length() < SHORTEST_PART) {
            return Optional.empty();
        }
        List<String> holders = known.stream()
                .filter(name -> folded(name).contains(part))
                .distinct()
                .limit(2)
                .toList();
        return holders.size() == 1 ? Optional.of(holders.getFirst()) : Optional.empty();
    }

    private static String folded(String name) {
        return name.strip().toLowerCase(Locale.ROOT).replace('-', '_');
    }

    /** Optimal string alignment distance; a value of {@code enough} or more may be any such value. */
    private static int edits(String a, String b, int enough) {
        if (Math.abs(a.length() - b.length()) >= enough) {
            return enough;
        }
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replace, Math.min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            int[] free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }
        return last[b.length()];
    }
}
