package io.wavequeue.store;

import java.sql.SQLException;

/** The database does not answer. Whoever sees it waits and tries again; nothing is decided meanwhile. */
public final class DatabaseAwayException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean commitUnknown;

    public DatabaseAwayException(SQLException cause, boolean commitUnknown) {
        super("the database does not answer: " + cause.getMessage(), cause);
        this.commitUnknown = commitUnknown;
    }

    /** True when the connection broke during the commit: read the rows back to learn whether it took place. */
    public boolean isCommitUnknown() {
        return commitUnknown;
    }
}
