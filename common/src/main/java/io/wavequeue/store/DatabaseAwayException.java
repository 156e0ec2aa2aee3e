package io.wavequeue.store;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The database does not answer. Whoever sees it waits and tries again; nothing is decided meanwhile. */
public final class DatabaseAwayException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean commitUnknown;

    public DatabaseAwayException(SQLException cause, boolean commitUnknown) {
        super("the database does not answer: " + cause.getMessage(), cause);
        this.commitUnknown = commitUnknown;
    }

    /**
     * Whether an SQL state means that the database does not answer: connection trouble (08), shutting down or starting up
     * (57P), out of connections (53), ended since this process stood still within a transaction (25P03), or none at all.
     */
    public static boolean isMeantBy(@Nullable String sqlState) {
        return sqlState == null
                || sqlState.isEmpty()
                || sqlState.startsWith("08")
                || sqlState.startsWith("57P")
                || sqlState.startsWith("53")
                || sqlState.equals("25P03");
    }

    /** True when the connection broke during the commit: read the rows back to learn whether it took place. */
    public boolean isCommitUnknown() {
        return commitUnknown;
    }
}
