package io.wavequeue.api.batch;

import io.wavequeue.api.http.Problem;
import io.wavequeue.api.http.ProblemException;
import io.wavequeue.api.http.ProblemKind;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with a file: the first thousand in words, all of them counted. */
final class LineErrors {
    static final int MOST_LISTED = 1_000;

    private final List<Problem.Item> listed = new ArrayList<>();
    private long errors;
    private long lines;
    private int lastLine;

    void add(int line, String field, String message) {
        errors++;
        if (line != lastLine) {
            lines++;
            lastLine = line;
        }
        if (listed.size() < MOST_LISTED) {
            listed.add(new Problem.Item(line, field, message));
        }
    }

    boolean isEmpty() {
        return errors == 0;
    }

    ProblemException problem() {
        String what = errors == 1 ? "1 thing is wrong" : "%,d things are wrong".formatted(errors);
        String where = lines == 1 ? "in 1 line" : "in %,d lines".formatted(lines);
        String rest = errors > MOST_LISTED ? "; errors lists the first %,d".formatted(MOST_LISTED) : "";
        return ProblemException.listing(
                ProblemKind.INVALID_REQUEST, what + " " + where + rest + "; nothing was enqueued", listed);
    }
}
