package io.wavequeue.store;

import jakarta.enterprise.context.ApplicationScoped;

/** Hands out fencing tokens: drawn in blocks, unique over all processes, known before the claim that uses them. */
@ApplicationScoped
public class Fences {
    private static final int BLOCK = 1000;

    private final Database database;
    private long next;
    private long end;

    Fences(Database database) {
        this.database = database;
    }

    /** A token that nobody has had before. */
    public synchronized long next() {
        if (next == end) {
            next = database.inTransaction(connection -> {
                try (Bind bind = Bind.of(connection, "select nextval('fence_seq')")) {
                    return bind.row(row -> row.getLong(1));
                }
            });
            end = next + BLOCK;
        }
        return next++;
    }
}
